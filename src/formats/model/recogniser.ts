import { LF } from '../../core/terminal/codes.js';

/**
 * Says whether a file that begins with `head` is of a format: what it is, undefined where it is something else, `open` where
 * more of it has to be read. `ended`: there is no more.
 */
export type Recogniser<Kind> = (head: Buffer, ended: boolean) => Kind | 'open' | undefined;

/** Recognises a format by its first line; `read` gives undefined for one of another format. */
export function byFirstLine<Kind>(
  read: (line: string) => Kind | undefined,
): (head: Buffer, ended: boolean) => Kind | 'open' | undefined {
  return (head, ended) => {
    const end = head.indexOf(LF);
    if (end === -1 && !ended) return head.length > MAX_FIRST_LINE_BYTES ? undefined : 'open';
    return read(head.toString('utf8', 0, end === -1 ? head.length : end));
  };
}

/** A title or a command may be a whole prompt; what is longer is no header. */
const MAX_FIRST_LINE_BYTES = 1024 * 1024;
