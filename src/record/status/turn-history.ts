import { isTurnOver, type ReportedState } from '../../core/agent-state.js';
import type { TypedKey } from './typed-keys.js';

/** How the last turn of an agent stood when its run ended. */
export type TurnEnd =
  /** It never began, or has not ended. */
  | 'open'
  | 'over'
  /** A person interrupted it, which ended it. */
  | 'interrupted'
  /** A person asked for another turn after one was over; whether that ended is not known. */
  | 'unknown';

/**
 * Time within which the end of a turn is attributed to an interrupting key, ms. Later, the key meant something else: it
 * closed a menu, or cleared a line.
 */
const OBEYED_MS = 5000;

type TurnEvent =
  | { readonly type: 'began' | 'over' | 'asked'; readonly offset: number }
  /** `until`: the output's offset when the time to obey it was over; undefined: the run ended before. */
  | {
      readonly type: 'interrupt';
      readonly key: 'interrupt' | 'escape';
      readonly offset: number;
      readonly atMs: number;
      until: number | undefined;
    };

/**
 * The keys typed to an agent and the agent's reports during one run, each with the output's offset, from which
 * the end of its last turn is derived.
 */
export class TurnHistory {
  #events: TurnEvent[] = [];
  #worked = false;
  #isOver = false;
  #touched = false;
  #lastKey: TypedKey | undefined;

  /** Whether a person typed anything. */
  get touched(): boolean {
    return this.#touched;
  }

  /** Whether the last key typed, text aside, is Ctrl-C. */
  get endsWithInterrupt(): boolean {
    return this.#lastKey === 'interrupt';
  }

  /** A key was typed at `offset` of the output. */
  typed(key: TypedKey, offset: number, nowMs: number): void {
    this.#touched = true;
    if (key === 'text') return;
    this.#lastKey = key;
    if (key === 'prompt') this.#add({ type: 'asked', offset });
    if (key === 'interrupt' || key === 'escape') this.#interrupted(key, offset, nowMs);
  }

  /** Output comes at `offset`. */
  printed(offset: number, nowMs: number): void {
    const last = this.#events.at(-1);
    if (last?.type === 'interrupt' && nowMs - last.atMs > OBEYED_MS) last.until ??= offset;
  }

  /** The agent reported a status. A screen's may come from a line that has been there for long. */
  reported({ status, source }: ReportedState, offset: number): void {
    const isOver = isTurnOver(status);
    const isNews = source !== 'screen' || isOver !== this.#isOver;
    this.#isOver = isOver;
    this.#worked ||= status === 'working' || source !== 'osc';
    // Before its first turn it reports idle, too.
    if (isOver && isNews && this.#worked) this.#add({ type: 'over', offset });
    if (status === 'working' && source !== 'screen') this.#add({ type: 'began', offset });
  }

  /** How the last turn ended; `doneAt`: the offsets behind lines that end a turn. */
  end(doneAt: readonly number[]): TurnEnd {
    const said = doneAt.map((offset) => ({ type: 'over', offset }) as const);
    // A line that ends at a key's offset was printed before the key.
    const events = [...said, ...this.#events].sort((a, b) => a.offset - b.offset);
    let turn: TurnEnd = 'open';
    let pending: (TurnEvent & { readonly type: 'interrupt' }) | undefined;
    for (const event of events) {
      switch (event.type) {
        case 'began':
          [turn, pending] = ['open', undefined];
          break;
        case 'asked':
          [turn, pending] = ['unknown', undefined];
          break;
        case 'interrupt':
          if (turn === 'open' || turn === 'unknown') pending = event;
          break;
        case 'over':
          if (turn !== 'interrupted')
            turn = pending !== undefined && event.offset <= (pending.until ?? Infinity) ? 'interrupted' : 'over';
          pending = undefined;
          break;
      }
    }
    return pending?.key === 'interrupt' ? 'interrupted' : turn;
  }

  /** Interrupts without output in between count once, so that a paste of a million takes no memory. */
  #interrupted(key: 'interrupt' | 'escape', offset: number, atMs: number): void {
    const last = this.#events.at(-1);
    const isSame = last?.type === 'interrupt' && last.offset === offset;
    const stronger = isSame && last.key === 'interrupt' ? 'interrupt' : key;
    if (isSame) this.#events.pop();
    this.#events.push({ type: 'interrupt', key: stronger, offset, atMs, until: undefined });
  }

  /** Of equal events in a row the last counts: an agent may repeat a report with every line. */
  #add(event: TurnEvent & { readonly type: 'began' | 'over' | 'asked' }): void {
    if (this.#events.at(-1)?.type === event.type) this.#events.pop();
    this.#events.push(event);
  }
}
