/**
 * The demo agent, a program of its own: `node demo-agent.js [--speed=N] [--prompt-file=FILE | -- PROMPT]`. It plays the script to its
 * terminal, starts the programs the script calls, and leaves the terminal as it found it when a signal ends it early.
 */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { sleep, systemClock } from '../core/clock.js';
import { shellExitCode } from '../core/exit-status.js';
import { execFile } from '../core/process/spawn.js';
import { reset } from '../core/terminal/drawing.js';
import { DEFAULT_PROMPT, demoScript } from './demo-script.js';
import type { Step } from './demo-script.js';

/** The width where stdout is not a terminal. */
const DEFAULT_COLUMNS = 80;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.stdout.write(`${reset}\n`);
    process.exit(shellExitCode({ exitCode: 0, signal: constants.signals[signal] }));
  });
}
// The terminal has hung up.
process.stdout.once('error', () => process.exit(1));

const { values, positionals } = parseArgs({
  options: { speed: { type: 'string', default: '1' }, 'prompt-file': { type: 'string' } },
  allowPositionals: true,
});
const promptFile = values['prompt-file'];
const prompt = promptFile === undefined ? positionals.join(' ') : readFileSync(promptFile, 'utf8');
void play(
  demoScript(prompt || DEFAULT_PROMPT, () => process.stdout.columns || DEFAULT_COLUMNS),
  Number(values.speed),
);

/** Plays `steps` at `speed` times real time; 0 waits for nothing. Waits add up, so that short ones are not rounded away. */
async function play(steps: Iterable<Step>, speed: number): Promise<void> {
  let due = systemClock.monotonic();
  for (const step of steps) {
    switch (step.type) {
      case 'print':
        process.stdout.write(step.text);
        break;
      case 'wait':
        if (speed > 0) due += step.ms / speed;
        if (due > systemClock.monotonic()) await sleep(systemClock, due - systemClock.monotonic());
        break;
      case 'call':
        process.stdout.write(
          step.indent + (await call(step.file, step.args)).replaceAll('\n', `\n${step.indent}`) + '\n',
        );
        due = Math.max(due, systemClock.monotonic());
        break;
    }
  }
}

/** What a program prints, without its last newline; where it cannot be started, why. */
function call(file: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(file, args, (error, stdout) => {
      resolve(error === null ? stdout.trimEnd() : error.message);
    });
  });
}
