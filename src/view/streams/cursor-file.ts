import { readFileSync } from 'node:fs';
import { errnoCode, errors, reason } from '../../core/errors.js';
import { replaceFile } from '../../store/files/private-file.js';
import type { ShownPosition } from './log-stream.js';

const CURSOR_VERSION = 1;

/** How far views have shown which task, in a file, for the next view to go on from. */
export class CursorFile {
  readonly #path: string;
  readonly #positions: Map<string, ShownPosition>;
  #saved: string;

  /** @throws OrchError BAD_ARGUMENT where the file is none of these; one that is missing is made when it is saved */
  constructor(path: string) {
    this.#path = path;
    this.#positions = read(path);
    this.#saved = this.#text;
  }

  of(task: string): ShownPosition | undefined {
    return this.#positions.get(task);
  }

  reached(task: string, position: ShownPosition): void {
    this.#positions.set(task, position);
  }

  /**
   * Replaces it in one step, where its contents changed.
   *
   * @throws OrchError BAD_ARGUMENT
   */
  save(): void {
    const text = this.#text;
    if (text === this.#saved) return;
    try {
      replaceFile(this.#path, text);
    } catch (error) {
      throw errors.badArgument(
        `--cursor ${this.#path} cannot be written: ${reason(error)}`,
        'name a file you may write',
      );
    }
    this.#saved = text;
  }

  get #text(): string {
    const tasks = Object.fromEntries(
      [...this.#positions].map(([task, { offset, noted }]) => [task, { offset, noted: new Date(noted).toISOString() }]),
    );
    return `${JSON.stringify({ v: CURSOR_VERSION, tasks }, undefined, 2)}\n`;
  }
}

function read(path: string): Map<string, ShownPosition> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return new Map();
    throw errors.badArgument(`--cursor ${path} cannot be read: ${reason(error)}`, 'name another file');
  }
  const positions = parse(text);
  if (positions !== undefined) return positions;
  throw errors.badArgument(`--cursor ${path} was not written by this orch`, 'name another file, or remove it');
}

/** Undefined where it is not what `save` writes. */
function parse(text: string): Map<string, ShownPosition> | undefined {
  try {
    const { v, tasks } = JSON.parse(text) as {
      v?: unknown;
      tasks?: Record<string, { offset?: unknown; noted?: unknown }>;
    };
    if (v !== CURSOR_VERSION) return undefined;
    const positions = new Map<string, ShownPosition>();
    for (const [task, { offset, noted }] of Object.entries(tasks ?? {})) {
      const ms = typeof noted === 'string' ? Date.parse(noted) : NaN;
      if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0 || Number.isNaN(ms))
        return undefined;
      positions.set(task, { offset, noted: ms });
    }
    return positions;
  } catch {
    return undefined;
  }
}
