/** How much is kept of what was recorded. What is undefined sets no limit. */
export interface Retention {
  /** Tasks that ended longer ago go, milliseconds. */
  readonly maxAgeMs: number | undefined;
  /** So many of those that have ended stay. */
  readonly maxTasks: number | undefined;
  /** What all tasks together may take on disk, bytes. */
  readonly maxTotalBytes: number | undefined;
}
