import { stateText } from '../../core/agent-state.js';
import type { EventRecord, SizeCause } from '../../core/events.js';
import { printable } from '../../core/text/printable.js';
import type { Note } from '../../store/task/note-tail.js';
import type { RecordedTimes } from '../../store/times/time-lookup.js';
import type { LogLine } from './log-batch.js';

/** orch's notes as lines of a view, each at the offset the recording had reached then. */
export function noteLines(notes: readonly Note[], times: RecordedTimes): readonly LogLine[] {
  return notes.flatMap((note) => {
    const text = note.type === 'said' ? note.text : eventText(note.event);
    if (text === undefined) return [];
    const known = note.type === 'event' && 'offset' in note.event ? note.event.offset : undefined;
    const offset = known ?? reachedAt(note.ts, times);
    return [{ text, offset, endOffset: offset, final: true, ts: note.ts, level: levelOf(note) }];
  });
}

/** A status that is known by these says nothing that the lines around it do not show. */
const UNSAID: ReadonlySet<string> = new Set(['exit', 'quiet']);

/** In words, where task.log does not say it anyway. */
function eventText(event: EventRecord): string | undefined {
  switch (event.type) {
    case 'resize':
      return printable(`the terminal became ${event.cols}x${event.rows}${causeText(event)}`);
    case 'signal':
      return printable(`${event.signal} from ${event.from} passed on`);
    case 'status':
      return UNSAID.has(event.source) ? undefined : printable(`${stateText(event)} (${event.source})`);
    case 'task.start':
    case 'iteration.start':
    case 'iteration.end':
    case 'backend.start':
    case 'writer':
    case 'send':
    // The terminal has shown it.
    case 'typed':
    case 'gap':
    case 'rotate':
    case 'segment':
    case 'trim':
    case 'prune':
    case 'task.end':
      return undefined;
  }
}

/** The task's terminal follows that of a client. */
function causeText({ cause, client }: Partial<SizeCause>): string {
  if (client === undefined) return '';
  switch (cause) {
    case 'left':
      return `: ${client} writes no more`;
    case 'terminal':
      return `, as that of ${client} did`;
    default:
      return `: ${client} writes`;
  }
}

/** A note without an offset stands where the recording was when it was made. */
function reachedAt(ts: number, times: RecordedTimes): number {
  return times.start === undefined ? 0 : times.offsetAt(ts - times.start);
}

function levelOf(note: Note): NonNullable<LogLine['level']> {
  return note.type === 'said' ? note.level : 'INFO';
}
