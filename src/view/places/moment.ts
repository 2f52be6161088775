import { parseDuration } from '../../core/text/duration.js';
import type { RecordedTimes } from '../../store/times/time-lookup.js';

/** A point in a recording: a time or an offset. */
export type Moment =
  /** Milliseconds after the start. */
  | { readonly type: 'elapsed'; readonly ms: number }
  /** Wall time, milliseconds of Unix time. */
  | { readonly type: 'time'; readonly ms: number }
  /** In front of the byte at this absolute offset. */
  | { readonly type: 'offset'; readonly offset: number };

/** Reads `90s` (a duration), `2026-01-02T03:04:05Z` (RFC 3339, zone included) or `@12345`; undefined for anything else. */
export function parseMoment(text: string): Moment | undefined {
  const offset = /^@(\d{1,15})$/.exec(text)?.[1];
  if (offset !== undefined) return { type: 'offset', offset: Number(offset) };
  const elapsed = parseDuration(text);
  if (elapsed !== undefined) return { type: 'elapsed', ms: elapsed };
  const time = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : { type: 'time', ms: time };
}

/** The offset the recording had reached at a moment; undefined where it is not known when it began. */
export function offsetAt(moment: Moment, times: RecordedTimes): number | undefined {
  switch (moment.type) {
    case 'offset':
      return moment.offset;
    case 'elapsed':
      return times.offsetAt(moment.ms);
    case 'time':
      return times.start === undefined ? undefined : times.offsetAt(moment.ms - times.start);
  }
}

/**
 * Reads a wall time: `10m` (before `now`), `2026-01-02T03:04:05Z`, the same without a zone or only the date (local
 * time), or seconds of Unix time, of at least nine digits; undefined for anything else. Milliseconds of Unix time.
 */
export function parseWallTime(text: string, now: number): number | undefined {
  if (/^\d{9,12}(?:\.\d{1,9})?$/.test(text)) return Number(text) * 1000;
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const local = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?$/.exec(text);
  const time =
    local === null ? (RFC_3339.test(text) ? Date.parse(text) : NaN) : Date.parse(`${local[1]}T${local[2] ?? '00:00'}`);
  return Number.isNaN(time) ? undefined : time;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;
