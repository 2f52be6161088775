/** The meaning of a text in orch's own output; each has a colour. */
export type Meaning = 'good' | 'bad' | 'active' | 'doubtful' | 'heading';

/** Puts a colour on a text, or not. */
export type Paint = (meaning: Meaning, text: string) => string;

export const plain: Paint = (_, text) => text;

/** SGR (ECMA-48 8.3.117) with the 16 colours every terminal's theme defines, so that they suit its background. */
export const coloured: Paint = (meaning, text) => `\x1b[${SGR[meaning]}m${text}\x1b[0m`;

const SGR: Readonly<Record<Meaning, string>> = { good: '32', bad: '31', active: '36', doubtful: '33', heading: '1' };
