import { parseSize, type TerminalSize } from '../../core/terminal/size.js';

/** What a host is started for. */
export type Hosting =
  /** `orch run --detach`: a person attaches when they like, and no one hears of it otherwise. It prints the id of its task. */
  | { readonly type: 'detached' }
  /** `orch run` on a terminal: its starter is its first client, for whose terminal of this size the agent is started. */
  | { readonly type: 'attended'; readonly size: TerminalSize }
  /**
   * `orch run --prompts`: its starter shows what it says, has measured the terminal, and hands over a prompt of this many bytes of UTF-8.
   * It prints the id of its task.
   */
  | { readonly type: 'one-of-many'; readonly size: TerminalSize; readonly promptBytes: number };

/** A command that is none for people. */
const HOST_COMMAND = 'host';

/** The words that ask for a host, in front of those of `orch run`. */
export function hostingWords(hosting: Hosting): readonly string[] {
  const { type } = hosting;
  if (type === 'detached') return [HOST_COMMAND, type];
  const { cols, rows } = hosting.size;
  return [HOST_COMMAND, type, `${cols}x${rows}`, ...(type === 'one-of-many' ? [`${hosting.promptBytes}`] : [])];
}

/** What a line asks for, and the rest of it; undefined where it asks for no host. */
export function hostingOf(
  argv: readonly string[],
): { readonly hosting: Hosting; readonly words: readonly string[] } | undefined {
  const [name, type, ...words] = argv;
  if (name !== HOST_COMMAND) return undefined;
  if (type === 'detached') return { hosting: { type }, words };
  const [cells = '', ...behind] = words;
  const size = parseSize(cells);
  if (size === undefined) return undefined;
  if (type === 'attended') return { hosting: { type, size }, words: behind };
  const [bytes = '', ...rest] = behind;
  if (type !== 'one-of-many' || !/^\d{1,9}$/.test(bytes)) return undefined;
  return { hosting: { type, size, promptBytes: Number(bytes) }, words: rest };
}
