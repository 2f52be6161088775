import { SequenceSieve } from './sequence-sieve.js';
import { TerminalModes } from './terminal-modes.js';
import { queryIn, type TerminalQuery } from './terminal-queries.js';

/** A query, and the absolute offset behind it. */
export interface FoundQuery {
  readonly query: TerminalQuery;
  readonly end: number;
}

/** Finds the queries in an agent's output, whatever the chunks, and follows the modes that some of them ask about. */
export class QueryFinder {
  /** Queries, the modes (`h`, `l`) and keyboard flags (`u`) they ask about, and what resets those (DECSTR, RIS); DCS and APC. */
  readonly #sieve = new SequenceSieve({ csi: 'cnpqtuhl', osc: '1479', esc: 'cP_' });
  readonly #modes = new TerminalModes();

  /** The queries that end in the next `bytes` of the output. */
  find(bytes: Uint8Array): readonly FoundQuery[] {
    const found: FoundQuery[] = [];
    for (const token of this.#sieve.push(bytes)) {
      const query = queryIn(token, this.#modes);
      if (query !== undefined) found.push({ query, end: token.end });
      this.#modes.apply(token);
    }
    return found;
  }
}
