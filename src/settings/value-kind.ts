import { parseByteSize } from '../core/text/byte-size.js';
import { parseDuration } from '../core/text/duration.js';
import { errors } from '../core/errors.js';
import type { Pattern } from '../core/pattern/pattern.js';
import { readPattern } from '../core/pattern/read-pattern.js';
import { parseSize, type TerminalSize } from '../core/terminal/size.js';
import { refusalOfName } from '../core/text/task-name.js';

/** The kind of a flag's value, and its reader. */
export interface FlagKind<T> {
  /** The accepted values, where they are an enumeration. */
  readonly choices?: readonly string[];
  /**
   * Parses `text`. `flag` is the name for errors, such as `--size`.
   *
   * @throws OrchError BAD_ARGUMENT
   */
  read(text: string, flag: string): T;
}

/** A kind of value that orch.yml may also hold. */
export interface ConfigKind<T> extends FlagKind<T> {
  /** Its spelling in orch.yml; `read` accepts every value that the spelling allows. */
  readonly spelling: Spelling;
}

/** The spellings of orch.yml: `src/config/run-flags.ts` has the shape of each. */
export type Spelling =
  | { readonly type: 'text' | 'line' | 'size' | 'duration' | 'bytes' | 'count' | 'switch' }
  | { readonly type: 'choice'; readonly choices: readonly string[] };

/** Any text. */
export const anyText: ConfigKind<string> = { spelling: { type: 'text' }, read: (text) => text };

/** A line that is not blank. */
export const textLine: ConfigKind<string> = {
  spelling: { type: 'line' },
  read: (text, flag) => {
    if (text.trim() !== '' && !text.includes('\n')) return text;
    throw errors.badArgument(`${flag} is not a line of text`, `such as ${flag} LOOP_COMPLETE`);
  },
};

/** A terminal size. */
export const cells: ConfigKind<TerminalSize> = {
  spelling: { type: 'size' },
  read: (text, flag) => {
    const size = parseSize(text);
    if (size !== undefined) return size;
    throw errors.badArgument(
      `${flag} ${text} is not a terminal size`,
      `columns and rows from 1 on, such as ${flag} 120x40`,
    );
  },
};

/** A duration, ms. */
export const duration: ConfigKind<number> = {
  spelling: { type: 'duration' },
  read: (text, flag) => {
    const ms = parseDuration(text);
    if (ms !== undefined) return ms;
    throw errors.badArgument(
      `${flag} ${text} is not a duration`,
      `seconds, or with a unit, such as ${flag} 10 or ${flag} 2m`,
    );
  },
};

/** A number of bytes. */
export const byteSize: ConfigKind<number> = {
  spelling: { type: 'bytes' },
  read: (text, flag) => {
    const bytes = parseByteSize(text);
    if (bytes !== undefined) return bytes;
    throw errors.badArgument(`${flag} ${text} is not a size`, `a number with a unit, such as ${flag} 500MB or 1GiB`);
  },
};

/** A number of bytes; on a command line also `none`, which is Infinity. */
export const byteLimit: ConfigKind<number> = {
  spelling: { type: 'bytes' },
  read: (text, flag) => (text === 'none' ? Infinity : byteSize.read(text, flag)),
};

/** A whole number from 1 on. */
export const count: ConfigKind<number> = {
  spelling: { type: 'count' },
  read: (text, flag) => readCount(text, flag, 1),
};

/** A whole number from 0 on. */
export const countFromZero: FlagKind<number> = { read: (text, flag) => readCount(text, flag, 0) };

/** A number that is not negative, such as 0.5. */
export const factor: FlagKind<number> = {
  read: (text, flag) => {
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    throw errors.badArgument(`${flag} ${text} is not a factor`, `a number such as ${flag} 10; 0 waits for nothing`);
  },
};

/** A task's name. */
export const taskName: FlagKind<string> = {
  read: (text, flag) => {
    const why = refusalOfName(text);
    if (why === undefined) return text;
    throw errors.badArgument(`${flag} '${text}' is not a name: ${why}`, `such as ${flag} fix-tests`);
  },
};

/** A regular expression of JavaScript that can be matched in linear time. */
export const pattern: FlagKind<Pattern> = {
  read: (text, flag) => readPattern(flag, text, '', `${flag} 'corp-[0-9a-f]{32}'`),
};

/** One of a few words. */
export function oneOf<const Choice extends string>(choices: readonly Choice[]): ConfigKind<Choice> {
  return {
    choices,
    spelling: { type: 'choice', choices },
    read: (text, flag) => {
      const found = choices.find((choice) => choice === text);
      if (found !== undefined) return found;
      throw errors.badArgument(`${flag} ${text} is not a choice`, `one of ${choices.join(', ')}`);
    },
  };
}

function readCount(text: string, flag: string, from: number): number {
  if (/^(0|[1-9]\d{0,8})$/.test(text) && Number(text) >= from) return Number(text);
  throw errors.badArgument(`${flag} ${text} is not a number from ${from} on`, `such as ${flag} 100`);
}
