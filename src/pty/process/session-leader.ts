/**
 * Leads a terminal's session, a program of its own: `node session-leader.js SOCKET`. It starts the program that it is
 * sent there, in its own process group and with all its streams, says how that ends, and stays. A session whose leader
 * ends is hung up by the kernel; while this one stays, what the program has left behind keeps its terminal.
 *
 * It leaves when the recorder, at the other end of the socket, does, however that comes about.
 */
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { reason } from '../../core/errors.js';
import { ExitCode, exitStatusOf } from '../../core/exit-status.js';
import { spawn } from '../../core/process/spawn.js';
import { endedLine, type LedProgram, startedLine } from './leader-lines.js';

/** Signals that keys and kill(2) send to the whole group. They are for the program, which the leader must outlive. */
const NOT_FOR_ME = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGTSTP'] as const;

for (const signal of NOT_FOR_ME) process.on(signal, () => undefined);
const recorder = connect(process.argv[2] ?? '');
let received = '';
recorder.setEncoding('utf8');
recorder.on('data', (text) => {
  received += String(text);
  if (received.endsWith('\n')) start(JSON.parse(received) as LedProgram);
});
recorder.on('error', fail);
recorder.on('close', () => process.exit());

function start({ file, args, env }: LedProgram): void {
  const program = spawn(file, args, { env, stdio: 'inherit' });
  program.on('error', fail);
  program.on('spawn', () => {
    recorder.write(startedLine(program.pid ?? 0));
    // Only the program, and processes it leaves behind, may have the terminal open.
    for (const fd of [0, 1, 2]) {
      closeSync(fd);
      openSync('/dev/null', 'r+'); // Takes the lowest free number, which is the one just closed.
    }
  });
  program.on('exit', (code, killedBy) => {
    recorder.write(endedLine(exitStatusOf(code, killedBy)));
  });
}

function fail(error: unknown): never {
  process.stderr.write(`orch: the program could not be started: ${reason(error)}\n`);
  process.exit(ExitCode.notExecutable);
}
