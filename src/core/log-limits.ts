/** How large a recording becomes. */
export interface LogLimits {
  /** backend.log is sealed when it has so many bytes, at the next end of a line. */
  readonly segmentBytes: number;
  /** The oldest sealed segments go when all of them take more on the disk. */
  readonly maxBytes: number;
}

/** Days of an agent, and no disk that is full in the morning. */
export const DEFAULT_LIMITS: LogLimits = { segmentBytes: 64 * 1024 ** 2, maxBytes: 1024 ** 3 };

/**
 * When bytes are forced to the disk, so that they outlive a power cut: never by orch, once a second, or with every write. What
 * kills orch alone loses nothing either way.
 */
export const SYNC_POLICIES = ['never', 'interval', 'always'] as const;
export type SyncPolicy = (typeof SYNC_POLICIES)[number];
export const DEFAULT_SYNC: SyncPolicy = 'interval';
