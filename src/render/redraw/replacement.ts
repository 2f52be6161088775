import type { PictureLine } from './picture-line.js';
import type { Counterpart } from './picture-match.js';

/** The place of what is in the new picture, but in no line of its own. */
export const NOWHERE = -1;

/**
 * A new picture in place of an old one. What of the old one stands in it is emitted with it; what stood in the old one alone
 * was read, and is emitted before.
 */
export class Replacement {
  readonly #old: readonly PictureLine[];
  readonly #fresh: readonly PictureLine[];
  readonly #found: readonly (Counterpart | undefined)[];

  /** `found`: of each old line what stands for it. `logLines`: how many of the old ones stood above the frame. */
  constructor(
    old: readonly PictureLine[],
    fresh: readonly PictureLine[],
    found: readonly (Counterpart | undefined)[],
    logLines: number,
  ) {
    this.#old = old;
    this.#fresh = fresh;
    this.#found = found;
    for (const [at, pair] of found.entries()) {
      const [line, later] = [old[at], pair && fresh[pair.at]];
      if (pair?.type === 'same' && line?.emitted === true && later !== undefined) later.emitted = true;
    }
    if (!this.isAnother) this.#markLogLines(new Set(old.slice(0, logLines).map(({ condensed }) => condensed)));
  }

  /** Nothing of the old picture that can be read is in the new one. */
  get isAnother(): boolean {
    return !this.#found.some((pair, at) => pair !== undefined && this.#old[at]?.hasLetters === true);
  }

  /** Most of what can be read in the old picture is in the new one. */
  get isMostlyTheSame(): boolean {
    const readable = this.#old.flatMap((line, at) => (line.hasLetters ? [this.#found[at] !== undefined] : []));
    return readable.length > 0 && readable.filter((found) => found).length * 2 >= readable.length;
  }

  /** How many lines of the new picture, from the first on, stood in the old one in the same order. */
  get stable(): number {
    const again = new Set(this.#found.flatMap((pair) => (pair?.type === 'same' ? [pair.at] : [])));
    const first = this.#fresh.findIndex((_, at) => !again.has(at));
    return first === -1 ? this.#fresh.length : first;
  }

  /** The old lines that were not emitted and stand nowhere in the new picture. */
  get unmatched(): readonly PictureLine[] {
    return this.#old.filter((line, at) => !line.emitted && this.#found[at] === undefined && line.hasLetters);
  }

  /**
   * The old lines to be emitted now, in their order: those that can be read and stand nowhere in the new picture, with what is
   * between and the ruler beneath, and what stood above them, which is not emitted with the new picture then. A
   * line that stands there in a later state is emitted in that state.
   */
  takeLost(): readonly PictureLine[] {
    const lost = this.isAnother ? [...this.#old] : this.#linesToLastLost();
    const taken = lost.filter((line) => !line.emitted);
    for (const line of lost) line.emitted = true;
    return taken;
  }

  #linesToLastLost(): readonly PictureLine[] {
    const lines: PictureLine[] = [];
    let waiting: PictureLine[] = [];
    let kept: PictureLine[] = [];
    let underLost = false;
    const above = this.#scrolledAbove;
    for (const [at, line] of this.#old.entries()) {
      const pair = this.#found[at];
      if (pair === undefined && line.hasLetters) {
        lines.push(...(line.emitted ? [] : [...kept, ...waiting]), line);
        if (!line.emitted) kept = [];
        waiting = [];
        underLost = !line.emitted;
      } else if (pair === undefined) {
        const stays = line.text === '' ? at < above : !/\d/.test(line.text);
        if (underLost && waiting.length === 0 && stays) lines.push(line);
        else waiting.push(line);
      } else {
        kept.push(...waiting);
        waiting = [];
        if (pair.type === 'same') kept.push(line);
        underLost = false;
      }
    }
    const taken = new Set(lines);
    for (const [at, pair] of this.#found.entries()) {
      const [line, later] = [this.#old[at], pair && this.#fresh[pair.at]];
      if (line !== undefined && later !== undefined && taken.has(line)) later.emitted = true;
    }
    return lines;
  }

  /** How many of the first old lines have scrolled off above all that came again: the blank ones between them stay too. */
  get #scrolledAbove(): number {
    const first = this.#old.findIndex((line, at) => this.#found[at] !== undefined || !line.scrolled);
    return first === -1 ? this.#old.length : first;
  }

  /** Lines of the new picture above all that came again; not one like those before, which may be the head of a frame. */
  #markLogLines(before: ReadonlySet<string>): void {
    const first = Math.min(...this.#found.flatMap((pair) => (pair === undefined ? [] : [pair.at])));
    for (const line of this.#fresh.slice(0, Math.max(0, first)))
      if (line.text === '' || !before.has(line.condensed)) line.aboveFrame = true;
      else return;
  }
}
