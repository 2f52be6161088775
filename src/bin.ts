import { closeSync, openSync, statSync } from 'node:fs';
import { isatty } from 'node:tty';
import { main } from './cli/main.js';
import type { CliOutput } from './cli/options/context.js';
import { systemClock } from './core/clock.js';
import { currentFolder } from './core/process/current-folder.js';
import { keepHeapSmall } from './core/process/small-heap.js';
import { errors } from './core/errors.js';
import { ExitCode } from './core/exit-status.js';

keepHeapSmall();

// At exit Node restores the settings of the terminals it was started on, and aborts where one has hung up since.
const terminals = [0, 1, 2].filter((fd) => isatty(fd));
process.on('exit', () => {
  for (const fd of terminals.filter((fd) => !isatty(fd))) {
    closeSync(fd);
    openSync('/dev/null', 'r+'); // Takes the lowest free number, which is the one just closed.
  }
});

// The process edge: argv and exit code, and the world as the commands see it.
const ended = main(process.argv.slice(2), {
  get cwd() {
    const cwd = currentFolder();
    // A folder's name that is not UTF-8 reaches us mangled, and leads elsewhere or nowhere.
    if (cwd.includes('\ufffd') && !isSameFile(cwd, '.')) throw errors.badCwd(cwd, 'its name is not UTF-8');
    return cwd;
  },
  env: process.env,
  pid: process.pid,
  execPath: process.execPath,
  script: process.argv[1] ?? '',
  clock: systemClock,
  stdin: { fd: 0, isTTY: isatty(0) },
  stdout: outputOf(1, () => process.stdout),
  stderr: outputOf(2, () => process.stderr),
  onSignal(signal, listener) {
    process.on(signal, listener);
    return {
      [Symbol.dispose]: () => {
        process.off(signal, listener);
      },
    };
  },
});

// The code where the event loop runs empty before the command has ended.
process.exitCode = ExitCode.io;
void ended.then((code) => {
  process.exitCode = code;
});

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}

/** Creates the stream at the first write: that costs milliseconds, and `run` writes elsewhere. */
function outputOf(fd: number, streamOf: () => NodeJS.WriteStream): CliOutput {
  return {
    fd,
    isTTY: isatty(fd),
    get columns() {
      return isatty(fd) ? streamOf().columns || undefined : undefined;
    },
    get rows() {
      return isatty(fd) ? streamOf().rows || undefined : undefined;
    },
    write(text) {
      const stream = streamOf();
      // Each write reports its own error; without a listener the stream's `error` event would end the process.
      if (stream.listenerCount('error') === 0) stream.on('error', () => undefined);
      return new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    },
  };
}
