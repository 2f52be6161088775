import { type Resumable, resumeAll, saveAll } from '../../core/resumable.js';
import type { AlternateScreen } from '../model/line.js';
import type { LineBatch } from '../model/text-lines.js';
import type { BlocksOptions } from './alternate-blocks.js';
import { AltLines, type AltLinesState } from './alt-lines.js';

/** The lines of a transcript as its choice of `alt` has them; of a savable one also as the others do, to go on with any. */
export class AltChoices implements Resumable<AltChoicesState> {
  readonly #every: Readonly<Record<AlternateScreen, AltLines>> | undefined;
  readonly chosen: AltLines;
  readonly all: readonly AltLines[];

  constructor(alt: AlternateScreen, savable: boolean, options: BlocksOptions) {
    const lines = (choice: AlternateScreen): AltLines => new AltLines(choice, options);
    this.#every = savable ? { final: lines('final'), diff: lines('diff'), none: lines('none') } : undefined;
    this.chosen = this.#every?.[alt] ?? lines(alt);
    this.all = this.#every === undefined ? [this.chosen] : Object.values(this.#every);
  }

  /** Throws a RangeError where not all choices are kept. */
  save(): AltChoicesState {
    if (this.#every === undefined) throw new RangeError('only a transcript with the option `savable` can be saved');
    return saveAll(this.#every);
  }

  resume(state: AltChoicesState): void {
    if (this.#every !== undefined) resumeAll(this.#every, state);
    else this.chosen.resume(state[this.chosen.alt]);
  }

  /** Lines of the normal screen, which are emitted now. */
  emit(batches: readonly LineBatch[]): void {
    for (const each of this.all) for (const lines of batches) each.emit(lines);
  }

  /** The lines emitted since the last call, as the choice has them. */
  take(): readonly LineBatch[] {
    // What was not asked for is only counted.
    for (const lines of this.all) if (lines !== this.chosen) lines.take();
    return this.chosen.take();
  }
}

/** For each choice of `alt`. */
export type AltChoicesState = Readonly<Record<AlternateScreen, AltLinesState>>;
