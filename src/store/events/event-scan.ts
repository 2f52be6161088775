import { join } from 'node:path';
import { errnoCode, reason } from '../../core/errors.js';
import type { EventRecord } from '../../core/events.js';
import { EVENTS_FILE } from './event-log.js';
import { parseEvent } from './event-reader.js';
import { fileLines } from '../files/file-lines.js';

/** A `send` holds a text of up to 16 MiB, of which JSON makes twice as much at most; a `task.start` an argv of 2 MiB, six times as much. */
const MAX_EVENT_LINE = 33 * 1024 * 1024;

/** What events.jsonl holds, line by line. */
export type EventScan =
  | { readonly type: 'missing' }
  | { readonly type: 'unreadable'; readonly why: string }
  | {
      readonly type: 'read';
      readonly events: readonly EventRecord[];
      readonly damaged: number;
      /** The number of the first damaged line, from 1. */
      readonly firstDamaged: number | undefined;
      /** The last line has no end. */
      readonly isTorn: boolean;
    };

/** As `readEvents`, which readers use; this one also reports where the damage is, and whether there is a file. Never fails. */
export function scanEvents(folder: string): EventScan {
  const events: EventRecord[] = [];
  let [number, damaged] = [0, 0];
  let firstDamaged: number | undefined;
  let isTorn = false;
  try {
    for (const { text, isWhole } of fileLines(join(folder, EVENTS_FILE), MAX_EVENT_LINE)) {
      number++;
      const event = isWhole ? parseEvent(text) : 'torn';
      if (event === 'torn') isTorn = true;
      else if (event === 'damaged') {
        damaged++;
        firstDamaged ??= number;
      } else if (event !== 'unknown') events.push(event);
    }
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return errnoCode(error) === 'ENOENT' ? { type: 'missing' } : { type: 'unreadable', why: reason(error) };
  }
  return { type: 'read', events, damaged, firstDamaged, isTorn };
}
