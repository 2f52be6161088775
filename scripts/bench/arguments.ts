import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.js';

/** What `npm run bench --` was asked to do. */
export type Request =
  | { readonly type: 'help' }
  | { readonly type: 'list' }
  | { readonly type: 'compare'; readonly before: string; readonly after: string }
  | ({ readonly type: 'measure' } & MeasureRequest);

export interface MeasureRequest {
  /** Names of benches or lines of the table, or what they begin with; empty: all. */
  readonly only: readonly string[];
  /** Megabytes of text. */
  readonly mb: number;
  readonly rounds: number;
  /** Everything is small, to see that all of it runs; no line is judged. */
  readonly quick: boolean;
  /** The checkout of another build. */
  readonly against: string | undefined;
  /** Where to keep the results. */
  readonly json: string | undefined;
}

const DEFAULTS = { mb: 200, rounds: 3 };
const QUICK = { mb: 2, rounds: 1 };

export const HELP = `npm run bench -- [--only NAME…] [--against DIR] [--json FILE] [--mb N] [--rounds N] [--quick]
npm run bench -- --compare BEFORE.json AFTER.json
npm run bench -- --list

  --only NAME…   these lines of the table, those of these benches, or all that begin with NAME-
  --against DIR  also the build in DIR, a checkout of orch that is built, in turns
  --json FILE    keep the results
  --mb N         megabytes of text (default ${DEFAULTS.mb})
  --rounds N     turns of each (default ${DEFAULTS.rounds})
  --quick        everything small: shows that all of it runs, judges nothing
  --compare      two results that were kept
  --list         the table

Ends with 1 where a target is missed, with 2 where what was asked for cannot be done. Measure on an idle machine.`;

/** @throws UsageError */
export function readArguments(argv: readonly string[]): Request {
  const { values, positionals } = parsed(argv);
  if (values.help === true) return { type: 'help' };
  if (values.list === true) return { type: 'list' };
  if (values.compare === true) {
    const [before, after, ...more] = positionals;
    if (before === undefined || after === undefined || more.length > 0)
      throw new UsageError('--compare takes two files that --json has written: --compare BEFORE.json AFTER.json');
    return { type: 'compare', before, after };
  }
  const quick = values.quick === true;
  const defaults = quick ? QUICK : DEFAULTS;
  return {
    type: 'measure',
    only: [...(values.only ?? []), ...positionals].flatMap((names) => names.split(',')).filter((name) => name !== ''),
    mb: count('--mb', values.mb) ?? defaults.mb,
    rounds: count('--rounds', values.rounds) ?? defaults.rounds,
    quick,
    against: values.against,
    json: values.json,
  };
}

const OPTIONS = {
  only: { type: 'string', multiple: true },
  against: { type: 'string' },
  json: { type: 'string' },
  mb: { type: 'string' },
  rounds: { type: 'string' },
  quick: { type: 'boolean' },
  compare: { type: 'boolean' },
  list: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // The first sentence: what follows is about operands that begin with a dash.
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${what}. See npm run bench -- --help.`);
  }
}

function count(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new UsageError(`${flag} takes a whole number from 1 on, not "${value}".`);
  return Number(value);
}
