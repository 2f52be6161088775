import { z } from 'zod';
import { Semaphore } from '../../../core/async/semaphore.js';
import { errors } from '../../../core/errors.js';
import { readPattern } from '../../../core/pattern/read-pattern.js';
import type { Pattern } from '../../../core/pattern/pattern.js';
import { readTask } from '../../../store/task/task-reader.js';
import type { Beginning } from '../../../view/lines/beginning.js';
import { LineFilter } from '../../../view/lines/line-filter.js';
import type { LogLine } from '../../../view/lines/log-batch.js';
import { missingRangeText } from '../../../view/lines/missing-range.js';
import { RecordedTask } from '../../../view/lines/recorded-task.js';
import { TaskLines } from '../../../view/lines/task-lines.js';
import { PLACES, resolvePlace } from '../../../view/places/place.js';
import { shownStatus } from '../../../view/tasks/task-status.js';
import { tool } from '../tool.js';
import type { ToolWorld } from '../tool-world.js';
import { placeNamed, shownLine, taskInput } from './inputs.js';

/** The most text of one answer, in characters. */
const PAGE_CHARACTERS = 48_000;

const input = z.strictObject({
  task: taskInput.default('latest'),
  after: z.int().min(0).optional().describe('the `next` of an answer before: lines that end behind this byte'),
  from: z.string().optional().describe(`begin at a place: ${PLACES}`),
  last: z.int().min(1).max(2_000).optional().describe('this many lines of the end (the default: 100)'),
  match: z.string().optional().describe('only lines that match this regular expression'),
  limit: z.int().min(1).max(2_000).default(200).describe('lines of one answer'),
});

type Input = z.output<typeof input>;

export const readLogsTool = tool({
  name: 'read_logs',
  title: 'Read what an agent printed',
  description:
    'The clean text of a task: the lines that a person would have read on its terminal, without redraws. By default the last 100 lines; `from` begins at a place, and `after` goes on from the `next` of an answer before, also while the task runs: that is how to follow it. `more` says that there are further lines now.',
  input,
  effect: 'reads',
  call: async (given, world, signal) => {
    const begins = [given.after, given.from, given.last].filter((begin) => begin !== undefined);
    if (begins.length > 1) throw errors.badArgument('after, from and last exclude each other', 'give one of them');
    const match = given.match === undefined ? undefined : readPattern('match', given.match);
    const entry = readTask(world.task(given.task));
    if (entry.type === 'unreadable') throw entry.problem;
    using recording = new RecordedTask(entry);
    const begin = await beginningOf(given, recording, signal);
    const page = await pageOf(recording, { begin, match, limit: given.limit, world, signal });
    const { lines, more, missing } = page;
    const next = lines.at(-1)?.endOffset ?? (begin.type === 'after' ? begin.offset : 0);
    const facts = { task: entry.folder.id, status: shownStatus(entry), lines: lines.length, next, more, missing };
    return { facts, printed: lines.map(({ text }) => text).join('\n') };
  },
});

async function beginningOf(
  { after, from, last }: Input,
  recording: RecordedTask,
  signal: AbortSignal,
): Promise<Beginning> {
  if (after !== undefined) return { type: 'after', offset: after, noted: 0 };
  if (from === undefined) return { type: 'last', lines: last ?? 100 };
  const { offset } = await resolvePlace(placeNamed('from', from), recording, signal);
  return { type: 'after', offset, noted: 0 };
}

interface Page {
  readonly lines: readonly LogLine[];
  readonly more: boolean;
  /** What of the recording is not there, in words. */
  readonly missing: readonly string[] | undefined;
}

async function pageOf(
  recording: RecordedTask,
  {
    begin,
    match,
    limit,
    world,
    signal,
  }: {
    readonly begin: Beginning;
    readonly match: Pattern | undefined;
    readonly limit: number;
    readonly world: ToolWorld;
    readonly signal: AbortSignal;
  },
): Promise<Page> {
  const missing: string[] = [];
  const lines: LogLine[] = [];
  const reading = new TaskLines(recording, {
    sources: new Set(['backend']),
    alt: 'final',
    styles: false,
    begin,
    to: undefined,
    follow: false,
    turns: new Semaphore(1),
    signal,
    clock: world.clock,
    onMissing: (range) => missing.push(missingRangeText(range)),
  });
  const filter = new LineFilter({ grep: match, context: 0, exclude: undefined }, signal);
  let characters = 0;
  let more = false;
  read: for await (const batch of reading.read()) {
    for (const chosen of await filter.filter(batch)) {
      for (const line of chosen.lines) {
        const shown = { ...line, text: shownLine(line.text) };
        characters += shown.text.length + 1;
        more = lines.length === limit || (characters > PAGE_CHARACTERS && lines.length > 0);
        if (more) break read;
        lines.push(shown);
      }
    }
  }
  signal.throwIfAborted();
  return { lines, more, missing: missing.length === 0 ? undefined : missing };
}
