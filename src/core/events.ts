import type { Account } from './agent-state.js';
import type { ExitStatus } from './exit-status.js';

/** The format of one line of events.jsonl. Readers skip types they do not know and refuse a larger `v`. */
export const EVENT_VERSION = 1;

/** A gap of the log: `bytes` that were captured from `offset` on and could not be written. */
export interface Gap {
  /** Absolute offset in the recording at which the missing bytes would stand. */
  readonly offset: number;
  readonly bytes: number;
  /** The system's reason, such as `ENOSPC: no space left on device`. */
  readonly reason: string;
}

/** Why the agent's terminal got another size. */
export interface SizeCause {
  /** Of a writer: `began`, `taken`, `left` as in {@link InputEvent}; `terminal`: the terminal of who writes was resized. */
  readonly cause: string;
  /** The client's name; absent where no client is behind it. */
  readonly client?: string;
}

/** What clients have to do with the agent's input. Names and texts are masked as the recording is. */
export type InputEvent =
  /** Who writes, and the size of the agent's terminal from then on. */
  | {
      readonly type: 'writer';
      /** `began` where no one wrote, `taken` from another client, or `left`: no one writes now. */
      readonly change: string;
      readonly client: string;
      /** Of `taken`: who wrote before. */
      readonly from?: string;
      readonly offset: number;
      readonly cols: number;
      readonly rows: number;
    }
  /** A message is typed from `offset` on; of one that the terminal does not show nothing more is said. */
  | {
      readonly type: 'send';
      readonly client: string;
      readonly offset: number;
      /** It answers what the agent has asked. */
      readonly answer: boolean;
      /** Of the text, in UTF-8. */
      readonly bytes?: number;
      readonly text?: string;
      /** Pressed behind it, by name. */
      readonly keys?: readonly string[];
    }
  /** The writer has typed this many bytes since the last such event, the first of them at `offset`. */
  | { readonly type: 'typed'; readonly client: string; readonly offset: number; readonly bytes: number };

/** What can happen to a task. Offsets are absolute byte offsets into the recording. */
export type TaskEvent =
  | { readonly type: 'task.start'; readonly argv: readonly string[]; readonly cols: number; readonly rows: number }
  | { readonly type: 'iteration.start'; readonly iteration: number; readonly offset: number }
  | ({
      readonly type: 'iteration.end';
      readonly iteration: number;
      readonly offset: number;
      /** `done`, `failed`, `timeout`, or `unfinished`: it ended well and did not say that it was done. */
      readonly verdict: string;
      readonly reason: string;
      readonly durationMs: number;
    } & ExitStatus &
      Account)
  | { readonly type: 'backend.start'; readonly pid: number; readonly offset: number }
  | ({
      readonly type: 'resize';
      readonly cols: number;
      readonly rows: number;
      readonly offset: number;
    } & Partial<SizeCause>)
  | InputEvent
  | {
      readonly type: 'status';
      readonly status: string;
      readonly source: string;
      /** What it waits for, or what went wrong. */
      readonly reason?: string;
      readonly offset: number;
    }
  | ({ readonly type: 'gap' } & Gap)
  | { readonly type: 'rotate'; readonly offset: number; readonly reason: string }
  | {
      readonly type: 'segment';
      readonly offset: number;
      readonly bytes: number;
      readonly sha256: string;
      /** Of the recording up to the segment's end. */
      readonly chain: string;
    }
  | { readonly type: 'trim'; readonly offset: number; readonly bytes: number }
  | { readonly type: 'prune'; readonly tasks: number; readonly bytes: number }
  | { readonly type: 'signal'; readonly signal: string; readonly from: string }
  | ({ readonly type: 'task.end'; readonly bytes: number; readonly durationMs: number } & ExitStatus);

/** One line of events.jsonl: an event, its time (RFC 3339, UTC, milliseconds) and its task. */
export type EventRecord = { readonly v: typeof EVENT_VERSION; readonly ts: string; readonly task: string } & TaskEvent;

/**
 * The absolute offset that the recording had reached at an event: behind a gap, or its end. Undefined for events that
 * say nothing of the bytes.
 */
export function reachedBy(event: TaskEvent): number | undefined {
  switch (event.type) {
    case 'iteration.start':
    case 'iteration.end':
    case 'backend.start':
    case 'resize':
    case 'status':
    case 'rotate':
    case 'writer':
    case 'send':
      return event.offset;
    case 'gap':
      return event.offset + event.bytes;
    case 'task.end':
      return event.bytes;
    case 'task.start':
    case 'segment':
    case 'trim':
    case 'prune':
    case 'signal':
    // It is noted some time after its offset.
    case 'typed':
      return undefined;
  }
}
