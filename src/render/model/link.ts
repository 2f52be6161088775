import type { StringSequence } from '../../core/terminal/escape-sequences.js';

/** Where a text leads that a program labelled so (OSC 8): an address of the web or of mail. */
export interface Link {
  /** As RFC 3986 spells addresses: printable ASCII without quotes, angle brackets and blanks. */
  readonly uri: string;
  /** What the pieces of one link have in common where other text stands between them. */
  readonly id?: string;
}

/**
 * What an OSC 8 opens; `undefined` inside where it only ends what was open, as one does that leads nowhere safe: its label
 * shall not lead to the link before. Undefined where it is another sequence.
 */
export function readLink({ payload, payloadBytes }: StringSequence): { readonly link: Link | undefined } | undefined {
  if (payload[0] !== 0x38 || payload[1] !== 0x3b) return undefined;
  if (payloadBytes !== payload.length) return { link: undefined };
  return { link: parseLink(Buffer.from(payload).toString('latin1').slice(2)) };
}

/** A link out of the parameters and the address of an OSC 8. */
export function parseLink(fields: string): Link | undefined {
  const [, params = '', uri = ''] = /^([\x20-\x3a\x3c-\x7e]*);(.*)$/su.exec(fields) ?? [];
  if (uri.length > MAX_URI || !(WEB.test(uri) || MAIL.test(uri))) return undefined;
  const id = ID.exec(params)?.[1];
  return id === undefined ? { uri } : { uri, id };
}

/** OSC 8 that opens a link, or ends the one that is open. */
export function linkSequence(link: Link | undefined): string {
  return `\x1b]8;${link?.id === undefined ? '' : `id=${link.id}`};${link?.uri ?? ''}\x1b\\`;
}

export function sameLink(a: Link | undefined, b: Link | undefined): boolean {
  return a === b || (a?.uri === b?.uri && a?.id === b?.id);
}

/** As in VTE, which others follow. */
const MAX_URI = 2083;
/** No user in front of the host: a name with an `@` behind it looks like the place that is gone to. */
const WEB = /^https?:\/\/(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?(?:[/?#][\w.~:/?#[\]@!$&'()*+,;=%-]*)?$/i;
const MAIL = /^mailto:[\w.~!$&'*+=%-]+@[\w.-]+(?:\?[\w.~:/?@!$&'()*+,;=%-]*)?$/i;
const ID = /(?:^|:)id=([\w.~+/=@-]{1,128})(?=:|$)/;
