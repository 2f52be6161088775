import { itemAt } from '../../core/items/element-at.js';
import { join } from 'node:path';
import { z } from 'zod';
import { EVENT_VERSION, type EventRecord } from '../../core/events.js';
import { MAX_CELLS } from '../../core/terminal/size.js';
import { EVENTS_FILE } from './event-log.js';
import { parseJson, readTextIfPossible, wholeLines } from '../files/text-file.js';

export interface EventsRead {
  readonly events: readonly EventRecord[];
  /** Lines that are torn, garbled or of a newer format; they are passed over. */
  readonly damaged: number;
}

/**
 * The events of a task folder, oldest first; none where the file is missing or unreadable. Types this version does
 * not know are skipped and are no damage. A last line without its line end is still being written, and is skipped too.
 */
export function readEvents(folder: string): EventsRead {
  const events: EventRecord[] = [];
  let damaged = 0;
  for (const line of wholeLines(readTextIfPossible(join(folder, EVENTS_FILE)) ?? '')) {
    const record = parseEvent(line);
    if (record === 'damaged') damaged++;
    else if (record !== 'unknown') events.push(record);
  }
  return { events, damaged };
}

/** Where backend.log was last said to begin; the other events are not looked at. 0 where nothing was said. */
export function lastRotation(folder: string): number {
  const lines = wholeLines(readTextIfPossible(join(folder, EVENTS_FILE)) ?? '');
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = itemAt(lines, at);
    const record = line.includes('"rotate"') ? parseEvent(line) : 'unknown';
    if (typeof record === 'object' && record.type === 'rotate') return record.offset;
  }
  return 0;
}

/** One line of events.jsonl. */
export function parseEvent(line: string): EventRecord | 'unknown' | 'damaged' {
  const json = parseJson(line);
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success || envelope.data.v > EVENT_VERSION) return 'damaged';
  if (!KNOWN_TYPES.has(envelope.data.type)) return 'unknown';
  const record = recordSchema.safeParse(json);
  return record.success ? record.data : 'damaged';
}

const envelopeSchema = z.object({ v: z.int().min(1), type: z.string() });

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const cells = z.int().min(1).max(MAX_CELLS);
const base = { v: z.literal(EVENT_VERSION), ts: z.iso.datetime(), task: z.string() };

const recordSchema = z.discriminatedUnion('type', [
  z.object({ ...base, type: z.literal('task.start'), argv: z.array(z.string()), cols: cells, rows: cells }),
  z.object({ ...base, type: z.literal('iteration.start'), iteration: count, offset: count }),
  z.object({
    ...base,
    type: z.literal('iteration.end'),
    iteration: count,
    offset: count,
    verdict: z.string(),
    reason: z.string(),
    durationMs: z.number().min(0),
    exitCode: count,
    signal: count,
    cost: z.number().exactOptional(),
    tokens: z.object({ input: z.number(), output: z.number() }).exactOptional(),
  }),
  z.object({ ...base, type: z.literal('backend.start'), pid: count, offset: count }),
  z.object({
    ...base,
    type: z.literal('resize'),
    cols: cells,
    rows: cells,
    offset: count,
    cause: z.string().exactOptional(),
    client: z.string().exactOptional(),
  }),
  z.object({
    ...base,
    type: z.literal('writer'),
    change: z.string(),
    client: z.string(),
    from: z.string().exactOptional(),
    offset: count,
    cols: cells,
    rows: cells,
  }),
  z.object({
    ...base,
    type: z.literal('send'),
    client: z.string(),
    offset: count,
    answer: z.boolean(),
    bytes: count.exactOptional(),
    text: z.string().exactOptional(),
    keys: z.array(z.string()).exactOptional(),
  }),
  z.object({ ...base, type: z.literal('typed'), client: z.string(), offset: count, bytes: count }),
  z.object({
    ...base,
    type: z.literal('status'),
    status: z.string(),
    source: z.string(),
    reason: z.string().exactOptional(),
    offset: count,
  }),
  z.object({ ...base, type: z.literal('gap'), offset: count, bytes: count, reason: z.string() }),
  z.object({ ...base, type: z.literal('rotate'), offset: count, reason: z.string() }),
  z.object({ ...base, type: z.literal('segment'), offset: count, bytes: count, sha256, chain: sha256 }),
  z.object({ ...base, type: z.literal('trim'), offset: count, bytes: count }),
  z.object({ ...base, type: z.literal('prune'), tasks: count, bytes: count }),
  z.object({ ...base, type: z.literal('signal'), signal: z.string(), from: z.string() }),
  z.object({
    ...base,
    type: z.literal('task.end'),
    bytes: count,
    durationMs: z.number().min(0),
    exitCode: count,
    signal: count,
  }),
]) satisfies z.ZodType<EventRecord>;

const KNOWN_TYPES: ReadonlySet<string> = new Set(recordSchema.options.map((option) => option.shape.type.value));
