import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { printable } from '../../core/text/printable.js';
import { type LineFailureListener, LineFile } from '../files/line-file.js';
import type { TaskFolder } from './task-folder.js';

export const TASK_LOG_FILE = 'task.log';

export type Level = 'INFO' | 'WARN' | 'ERROR';

/**
 * Writes task.log, orch's notes about a task: `2026-01-02T03:04:05.678Z INFO  text`, a line each,
 * control characters written out. Never throws.
 */
export class TaskLog implements Disposable {
  readonly #clock: Clock;
  readonly #file: LineFile;

  constructor(task: TaskFolder, clock: Clock, onFailure: LineFailureListener) {
    this.#clock = clock;
    this.#file = new LineFile(join(task.path, TASK_LOG_FILE), onFailure);
  }

  info(text: string): boolean {
    return this.#append('INFO', text);
  }

  warn(text: string): boolean {
    return this.#append('WARN', text);
  }

  error(text: string): boolean {
    return this.#append('ERROR', text);
  }

  close(): void {
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #append(level: Level, text: string): boolean {
    const ts = new Date(this.#clock.now()).toISOString();
    return this.#file.append(`${ts} ${level.padEnd(5)} ${printable(text)}`);
  }
}

/** A line of task.log; one that is none of orch's is all text. Control characters are written out. */
export function parseTaskLogLine(line: string): { ts: number | undefined; level: Level; text: string } {
  const [, time = '', level = 'INFO', text = line] = /^(\S{20,30}) (INFO|WARN|ERROR) {1,2}(.*)$/.exec(line) ?? [];
  const ts = Date.parse(time);
  return { ts: Number.isNaN(ts) ? undefined : ts, level: level as Level, text: printable(text) };
}
