import type { Link } from '../model/link.js';

/** What a cell has besides its colours; of these a link, and how to do without it, are orch's own (see keepLinks). */
export interface InternalExtended {
  ext: number;
  readonly link?: Link;
  readonly unlinked?: () => InternalExtended;
  clone(): InternalExtended;
}

/** Attributes of the kind of `other`, with a link: every copy that the terminal makes of them has it too. */
export function withLink(other: InternalExtended, ext: number, link: Link | undefined): InternalExtended {
  const made = other.unlinked?.() ?? other.clone();
  made.ext = ext;
  if (link === undefined) return made;
  const unlinked = made.clone.bind(made);
  return Object.assign(made, {
    link,
    unlinked,
    clone: () => withLink(unlinked(), made.ext, link),
    // Or the terminal would take the attributes off the cells.
    isEmpty: () => false,
  });
}
