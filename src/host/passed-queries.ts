import type { Clock } from '../core/clock.js';
import type { FoundQuery } from '../pty/terminal/query-finder.js';
import { answerPattern } from '../pty/terminal/terminal-answers.js';

/** A program that has waited longer for an answer has given up, ms: one that comes now would be taken for keys. */
const AWAITED_MS = 2000;
/** The most queries that are kept; a program that sends more without waiting does not read the answers. */
const MAX_QUERIES = 64;
/** The longest beginning of an answer, bytes. */
const MAX_TAIL_BYTES = 64;

interface Passed extends FoundQuery {
  readonly at: number;
}

/**
 * Queries that the writer's terminal was left to answer, and has not: where it goes first, another has to. A terminal answers in order:
 * a query in front of one that it has answered is one that it does not know.
 */
export class PassedQueries {
  readonly #clock: Clock;
  #passed: readonly Passed[] = [];
  #tail = '';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(found: FoundQuery): void {
    const at = this.#clock.monotonic();
    this.#passed = [...this.#awaited(at), { ...found, at }].slice(-MAX_QUERIES);
  }

  /** The next bytes that the terminal sends, keys and answers. */
  read(bytes: Uint8Array): void {
    if (this.#passed.length === 0) {
      this.#tail = '';
      return;
    }
    let text = this.#tail + Buffer.from(bytes).toString('latin1');
    for (let at = 0; at < this.#passed.length; at++) {
      const query = this.#passed[at]?.query;
      const answer = query && answerPattern(query).exec(text);
      if (!answer) continue;
      text = text.slice(answer.index + answer[0].length);
      this.#passed = this.#passed.slice(at + 1);
      at = -1;
    }
    this.#tail = text.slice(-MAX_TAIL_BYTES);
  }

  /** Those that are still waited for, in their order; from now on they are the caller's. */
  release(): readonly FoundQuery[] {
    const left = this.#awaited(this.#clock.monotonic());
    this.#passed = [];
    this.#tail = '';
    return left;
  }

  #awaited(now: number): readonly Passed[] {
    return this.#passed.filter(({ at }) => now - at < AWAITED_MS);
  }
}
