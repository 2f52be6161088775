import type { AlternateScreen, Line } from '../model/line.js';
import type { LineBatch } from '../model/text-lines.js';
import { AltLines, type AltLinesState } from './alt-lines.js';

/** The lines of a transcript as its choice of `alt` has them; of a savable one also as the others do, to go on with any. */
export class AltChoices {
  readonly #every: Readonly<Record<AlternateScreen, AltLines>> | undefined;
  readonly chosen: AltLines;
  readonly all: readonly AltLines[];

  constructor(alt: AlternateScreen, savable: boolean) {
    this.#every = savable
      ? { final: new AltLines('final'), diff: new AltLines('diff'), none: new AltLines('none') }
      : undefined;
    this.chosen = this.#every?.[alt] ?? new AltLines(alt);
    this.all = this.#every === undefined ? [this.chosen] : Object.values(this.#every);
  }

  /** `held`: see AlternateBlocks. Throws a RangeError where not all choices are kept. */
  save(held: readonly Line[]): AltChoicesState {
    const every = this.#every;
    if (every === undefined) throw new RangeError('only a transcript with the option `savable` can be saved');
    return { final: every.final.save(held), diff: every.diff.save(held), none: every.none.save(held) };
  }

  resume(saved: AltChoicesState, held: readonly Line[], styles: boolean): void {
    for (const lines of this.all) lines.resume(saved[lines.alt], held, styles);
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
