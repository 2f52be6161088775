import { parseByteSize } from '../core/text/byte-size.js';
import { parseDuration } from '../core/text/duration.js';
import type { Retention } from '../core/retention.js';
import { byteSize, checked, duration, object, optional, wholeNumber } from './shapes.js';

/** How much of what was recorded is kept; undefined where no limit is given. */
export const retention = checked(
  object({
    maxAge: optional(duration, 'tasks that ended longer ago are removed'),
    maxTasks: optional(wholeNumber(1), 'how many ended tasks are kept'),
    maxTotalSize: optional(byteSize, 'how much all tasks together may take on disk'),
  }),
  ({ maxAge, maxTasks, maxTotalSize }): Retention | undefined => {
    if ([maxAge, maxTasks, maxTotalSize].every((limit) => limit === undefined)) return undefined;
    return {
      maxAgeMs: maxAge === undefined ? undefined : parseDuration(maxAge),
      maxTasks: maxTasks === undefined ? undefined : Number(maxTasks),
      maxTotalBytes: maxTotalSize === undefined ? undefined : parseByteSize(maxTotalSize),
    };
  },
);
