/** The limits beyond which old tasks are removed; undefined: no limit. */
export interface Retention {
  /** The age of the end, ms, beyond which a task is removed. */
  readonly maxAgeMs: number | undefined;
  /** The most ended tasks that are kept. */
  readonly maxTasks: number | undefined;
  /** The disk space of all tasks together, bytes. */
  readonly maxTotalBytes: number | undefined;
}
