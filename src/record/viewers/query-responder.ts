import { type FoundQuery, QueryFinder } from '../../pty/terminal/query-finder.js';
import { answerTo, cursorReport } from '../../pty/terminal/terminal-queries.js';
import type { CursorProbe, ProbedRecording } from './cursor-probe.js';
import type { Viewer } from '../run/recording.js';

/** The agent of a recording, which sends queries. */
export interface Asker extends ProbedRecording {
  type(bytes: Uint8Array, onDrained: () => void): boolean;
}

/** The most answers that wait for a cursor's; an agent that sends more queries without waiting does not read the answers. */
const MAX_WAITING = 64;

/**
 * Answers queries where no terminal does: each query once, at once, and in their order. Those that depend on
 * the cursor are answered by a screen model in a thread of its own, which is started by the first such query.
 * Whether someone listens to reports of a status (OSC 7501) is answered always: orch does.
 */
export class QueryResponder implements Viewer, Disposable {
  readonly #asker: Asker;
  readonly #version: string;
  readonly #elsewhere: (found: FoundQuery) => boolean;
  readonly #finder = new QueryFinder();
  #cursor: Promise<CursorProbe> | undefined;
  /** Number of answers that wait for a cursor's, or behind one. */
  #waiting = 0;
  #turn: Promise<void> = Promise.resolve();
  #full = false;
  #disposed = false;

  /** `elsewhere`: whether a terminal answers a query. */
  constructor(asker: Asker, version: string, elsewhere: (found: FoundQuery) => boolean = () => false) {
    this.#asker = asker;
    this.#version = version;
    this.#elsewhere = elsewhere;
  }

  show(bytes: Uint8Array): void {
    for (const found of this.#finder.find(bytes))
      if (found.query.type === 'listening' || !this.#elsewhere(found)) this.answer(found);
  }

  /** Answers a query that no terminal does; each is in front of those that are asked later. */
  answer({ query, end }: FoundQuery): void {
    // An agent that does not read the answers gets no more, which would only pile up.
    if (this.#full || this.#waiting >= MAX_WAITING) return;
    if (query.type === 'cursor') {
      this.#cursor ??= import('./cursor-probe.js').then(({ CursorProbe }) => new CursorProbe(this.#asker));
      const position = this.#cursor.then((probe) => probe.at(end));
      this.#inTurn(async () => {
        this.#send(cursorReport(query.extended, await position));
      });
      return;
    }
    const answer = answerTo(query, { size: this.#asker.size, version: this.#version });
    if (this.#waiting === 0) this.#send(answer);
    else
      this.#inTurn(() => {
        this.#send(answer);
        return Promise.resolve();
      });
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    void this.#cursor?.then((probe) => {
      probe[Symbol.dispose]();
    });
  }

  #inTurn(work: () => Promise<void>): void {
    this.#waiting += 1;
    this.#turn = this.#turn
      .then(work)
      .catch(() => undefined) // The screen model failed: this one question stays unanswered.
      .then(() => {
        this.#waiting -= 1;
      });
  }

  #send(answer: string): void {
    if (this.#disposed) return;
    this.#full = !this.#asker.type(Buffer.from(answer), () => {
      this.#full = false;
    });
  }
}
