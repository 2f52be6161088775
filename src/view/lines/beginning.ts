/** Where a view of a task begins. */
export type Beginning =
  | { readonly type: 'start' }
  /** With the last `lines` lines of the current transcript. */
  | { readonly type: 'last'; readonly lines: number }
  /**
   * Behind the byte at this absolute offset, with the lines that were still being written there; of orch's notes with
   * those made after `noted`, milliseconds of Unix time.
   */
  | { readonly type: 'after'; readonly offset: number; readonly noted: number };
