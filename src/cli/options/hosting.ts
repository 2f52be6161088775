import { parseSize, type TerminalSize } from '../../core/terminal/size.js';

/** What a host is started for. */
export type Hosting =
  /** `orch run --detach`: a person attaches when they like, and no one hears of it otherwise. */
  | { readonly type: 'detached' }
  /** `orch run --prompts`: its starter shows what it says, and has measured the terminal. */
  | { readonly type: 'one-of-many'; readonly size: TerminalSize };

/** The words that ask for a host, in front of those of `orch run`. They are no command for people. */
export function hostingWords(hosting: Hosting): readonly string[] {
  return hosting.type === 'detached' ? ['host'] : ['host-of-many', `${hosting.size.cols}x${hosting.size.rows}`];
}

/** What a line asks for, and the rest of it; undefined where it asks for no host. */
export function hostingOf(
  argv: readonly string[],
): { readonly hosting: Hosting; readonly words: readonly string[] } | undefined {
  const [name, ...words] = argv;
  if (name === 'host') return { hosting: { type: 'detached' }, words };
  const size = name === 'host-of-many' ? parseSize(words[0] ?? '') : undefined;
  return size === undefined ? undefined : { hosting: { type: 'one-of-many', size }, words: words.slice(1) };
}
