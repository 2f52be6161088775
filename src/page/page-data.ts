/** What a page of `orch export --format html` knows besides the recording: written by orch, read by the page's script. */
export interface PageData {
  /** In the order they were read. */
  readonly lines: readonly PageLine[];
  readonly chapters: readonly Chapter[];
}

/** When the line was there, in milliseconds of the player; the offset of its first byte in the recording; its text. */
export type PageLine = readonly [ms: number, offset: number, text: string];

export interface Chapter {
  readonly ms: number;
  readonly name: string;
}
