/**
 * Runs one command to its end, and to the end of all that it has left behind, and prints what that took, as one line of JSON. A process
 * of its own, whose children are those of the command alone: getrusage(2) of all of them is the command's account, and on Linux it adopts
 * (PR_SET_CHILD_SUBREAPER) what would else be out of sight.
 *
 * Takes `{argv, cwd, env, input, output, errors, deadlineMs}` as JSON; input, output and errors are paths.
 */
import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { platform } from 'node:os';
import koffi from 'koffi';

const PR_SET_CHILD_SUBREAPER = 36;
const WNOHANG = 1;
const RUSAGE_CHILDREN = -1;
/** How exactly the end of what was left behind is known. */
const LOOK_MS = 5;

const { argv, cwd, env, input, output, errors, deadlineMs } = JSON.parse(process.argv[2] ?? '');
const libc = koffi.load(null);
const waitpid = libc.func('int waitpid(int, void *, int)');
// The microseconds are 32 bits on macOS, and never more on Linux.
const time = koffi.struct({ seconds: 'long', micros: 'int32', padding: 'int32' });
koffi.struct('rusage', { user: time, system: time, maxRss: 'long', rest: koffi.array('long', 13) });
const getrusage = libc.func('int getrusage(int, _Out_ rusage *)');
if (platform() === 'linux') {
  libc.func('int prctl(int, ulong, ulong, ulong, ulong)')(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

const stdio = [openSync(input, 'r'), openSync(output, 'w'), openSync(errors, 'w')];
const begun = performance.now();
const { status, signal, error } = spawnSync(argv[0], argv.slice(1), {
  cwd,
  env,
  stdio,
  timeout: deadlineMs,
  killSignal: 'SIGKILL',
});
const ended = performance.now();
let waited = 0;
while (waitForOne()) if (performance.now() - begun > deadlineMs) break;
const gone = performance.now();
/** @type {any} */
const used = {};
getrusage(RUSAGE_CHILDREN, used);
const secondsOf = ({ seconds, micros }) => Number(seconds) + micros / 1e6;
console.log(
  JSON.stringify({
    code: status,
    signal,
    error: error?.message ?? null,
    seconds: (ended - begun) / 1000,
    endedAt: performance.timeOrigin + ended,
    leftSeconds: waited === 0 ? 0 : (gone - ended) / 1000,
    cpuSeconds: secondsOf(used.user) + secondsOf(used.system),
    // In KiB on Linux, bytes on macOS.
    peakMib: Number(used.maxRss) / (platform() === 'darwin' ? 1024 ** 2 : 1024),
  }),
);

/** Whether there may be another; waits a little where there is one that has not ended. */
function waitForOne() {
  const pid = waitpid(-1, null, WNOHANG);
  if (pid < 0) return false;
  waited += 1;
  if (pid === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  return true;
}
