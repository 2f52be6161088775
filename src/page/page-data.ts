/** What a page of `orch export --format html` knows besides the recording: written by orch, read by the page's script. */
export interface PageData {
  /** In the order they were read. */
  readonly lines: readonly PageLine[];
  readonly chapters: readonly Chapter[];
}

/**
 * When the line was there, in milliseconds of the player; the offset of its first byte in the recording; its text, and where
 * its links lead, in their order, if it has any.
 */
export type PageLine = readonly [ms: number, offset: number, text: string, links?: readonly PageLink[]];

/** An address of the web or of mail, and the range of the text that leads there, in UTF-16 units. */
export type PageLink = readonly [start: number, end: number, uri: string];

export interface Chapter {
  readonly ms: number;
  readonly name: string;
}
