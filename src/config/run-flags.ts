import { SYNC_POLICIES } from '../core/log-limits.js';
import { byteSize, duration, line, oneOf, optional, size, text, wholeNumber } from './shapes.js';

/** Values of flags of `orch run`, by the flag's long name: `kill-after` → `10s`. Flags accept every one of them. */
export type RunFlags = ReadonlyMap<string, string>;

/** What a file may say in place of flags. Each key is its flag's name in camel case, and means what the flag means. */
export const runFlagKeys = {
  backend: optional(text, 'the agent: one of orch backends'),
  mode: optional(text, 'how the backend is run: one of its modes'),
  output: optional(oneOf(['auto', 'raw', 'clean', 'none']), 'what goes to stdout'),
  size: optional(size, 'the terminal size, columns and rows'),
  killAfter: optional(duration, 'how long after a signal SIGKILL follows'),
  linger: optional(duration, 'how long to wait for background processes at the end'),
  onLogError: optional(oneOf(['continue', 'stop']), 'what happens when the log cannot be written'),
  segmentSize: optional(byteSize, 'the size at which a segment of the log is sealed'),
  maxLogSize: optional(byteSize, 'the size of a log on disk beyond which its oldest segments are removed'),
  fsync: optional(oneOf(SYNC_POLICIES), 'when the log is forced to the disk'),
  until: optional(line, 'repeat until the agent prints this on a line of its own'),
  maxIterations: optional(wholeNumber(1), 'how many iterations at most'),
  stopAfterFailures: optional(wholeNumber(1), 'how many failed iterations in a row end the run'),
  delay: optional(duration, 'how long to wait between two iterations'),
  iterationTimeout: optional(duration, 'an iteration that takes longer is ended'),
  idleTimeout: optional(duration, 'an iteration that prints nothing for this long is ended'),
};

/** The flags that were set, of values by key. */
export function runFlags(values: Readonly<Record<string, string | undefined>>): RunFlags {
  const flags = new Map<string, string>();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined)
      flags.set(
        key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
        value,
      );
  }
  return flags;
}
