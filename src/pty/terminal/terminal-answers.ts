import type { TerminalQuery } from './terminal-queries.js';

/** What a terminal's answer to a query looks like among what it sends, as latin1; of a query that has several the last. */
export function answerPattern(query: TerminalQuery): RegExp {
  switch (query.type) {
    case 'attributes':
      return query.which === 'primary' ? /\x1b\[\?[\d;]*c/ : /\x1b\[>[\d;]*c/;
    case 'status':
      return /\x1b\[[03]n/;
    case 'cursor':
      return query.extended ? /\x1b\[\?\d+;\d+(?:;\d+)?R/ : /\x1b\[\d+;\d+R/;
    case 'mode':
      return new RegExp(String.raw`\x1b\[${query.dec ? String.raw`\?` : ''}${query.mode};\d\$y`);
    case 'version':
      return /\x1bP>\|/;
    case 'keyboard':
      return /\x1b\[\?\d*u/;
    case 'colours':
      return new RegExp(String.raw`\x1b\]${query.which.at(-1) ?? ''};`);
    case 'scheme':
      return /\x1b\[\?997;\d+n/;
    case 'size':
      return new RegExp(String.raw`\x1b\[${SIZE_REPORTS[query.unit]};\d+;\d+t`);
    case 'listening':
      return /\x1b\]7501;\?/;
    case 'notifications':
      return /\x1b\]99;/;
    case 'graphics':
      return /\x1b_G/;
    case 'capabilities':
      return /\x1bP[01]\+r/;
  }
}

const SIZE_REPORTS = { pixels: 4, cell: 6, cells: 8 } as const;
