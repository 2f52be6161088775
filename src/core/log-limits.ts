/** The limits of a recording's size. */
export interface LogLimits {
  /** Size at which backend.log is sealed, at the next line end, bytes. */
  readonly segmentBytes: number;
  /** Disk space of all segments, beyond which the oldest sealed ones are removed, bytes. */
  readonly maxBytes: number;
}

/** Enough for days of an agent's output, without filling a disk overnight. */
export const DEFAULT_LIMITS: LogLimits = { segmentBytes: 64 * 1024 ** 2, maxBytes: 1024 ** 3 };

/**
 * When fsync(2) makes bytes survive a power cut: never, once a second, or with every write. Killing
 * orch alone loses nothing under any of them.
 */
export const SYNC_POLICIES = ['never', 'interval', 'always'] as const;
export type SyncPolicy = (typeof SYNC_POLICIES)[number];
export const DEFAULT_SYNC: SyncPolicy = 'interval';
