import { parseSize, type TerminalSize } from '../../core/terminal/size.js';

/** What a host is started for. */
export type Hosting =
  /** `orch run --detach`: a person attaches when they like, and no one hears of it otherwise. */
  | { readonly type: 'detached' }
  /** `orch run --prompts`: its starter shows what it says, has measured the terminal, and hands over a prompt of this many bytes of UTF-8. */
  | { readonly type: 'one-of-many'; readonly size: TerminalSize; readonly promptBytes: number };

/** The words that ask for a host, in front of those of `orch run`. They are no command for people. */
export function hostingWords(hosting: Hosting): readonly string[] {
  if (hosting.type === 'detached') return ['host'];
  const { size, promptBytes } = hosting;
  return ['host-of-many', `${size.cols}x${size.rows}`, `${promptBytes}`];
}

/** What a line asks for, and the rest of it; undefined where it asks for no host. */
export function hostingOf(
  argv: readonly string[],
): { readonly hosting: Hosting; readonly words: readonly string[] } | undefined {
  const [name, ...words] = argv;
  if (name === 'host') return { hosting: { type: 'detached' }, words };
  if (name !== 'host-of-many') return undefined;
  const [cells = '', bytes = '', ...rest] = words;
  const size = parseSize(cells);
  if (size === undefined || !/^\d{1,9}$/.test(bytes)) return undefined;
  return { hosting: { type: 'one-of-many', size, promptBytes: Number(bytes) }, words: rest };
}
