import type { AgentStatus } from '../../core/agent-state.js';

/** What an agent says, or asks, by OSC 7501. */
export type OscReport =
  | { readonly type: 'query' }
  /** `reason`: in its words, where it gives some. */
  | { readonly type: 'state'; readonly status: AgentStatus; readonly reason?: string };

/** What a terminal says that listens to the reports: without it an agent sends none. */
export const LISTENING = '\x1b]7501;?1\x1b\\';

const BEGINNING = Buffer.from('\x1b]7501;');
const ESC = 0x1b;
const BEL = 0x07;
/** A report is a state and a sentence; one that has not ended after so many bytes is none. */
const MAX_BYTES = 8192;

/** An agent that is done with its turn is idle for us: `done` is what a task comes to. */
const STATES: ReadonlyMap<string, AgentStatus> = new Map([
  ['working', 'working'],
  ['blocked', 'waiting'],
  ['done', 'idle'],
  ['idle', 'idle'],
  ['error', 'failed'],
]);

/** Finds the reports in an agent's output, whatever the chunks. */
export class OscReports {
  /** What of the output may be the beginning of a report. */
  #held: Buffer = Buffer.alloc(0);

  push(bytes: Uint8Array): readonly OscReport[] {
    const all =
      this.#held.length === 0
        ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
        : Buffer.concat([this.#held, bytes]);
    const found: OscReport[] = [];
    let from = 0;
    for (;;) {
      const start = all.indexOf(BEGINNING, from);
      if (start === -1) {
        this.#held = Buffer.from(all.subarray(unfinishedFrom(all, from)));
        return found;
      }
      const payload = start + BEGINNING.length;
      const end = endOf(all, payload);
      if (end === undefined && all.length - start < MAX_BYTES) {
        this.#held = Buffer.from(all.subarray(start));
        return found;
      }
      const report = end === undefined ? undefined : reportIn(all.toString('latin1', payload, end));
      if (report !== undefined) found.push(report);
      from = end ?? payload;
    }
  }
}

/** Where the payload ends: at BEL or at the ESC of ST; undefined where neither came in time. */
function endOf(all: Buffer, payload: number): number | undefined {
  const at = all.subarray(payload, payload + MAX_BYTES).findIndex((byte) => byte === BEL || byte === ESC);
  return at === -1 ? undefined : payload + at;
}

/** Where, at the end, the beginning of a report may have begun. */
function unfinishedFrom(all: Buffer, from: number): number {
  for (let length = Math.min(BEGINNING.length - 1, all.length - from); length > 0; length--) {
    if (all.subarray(all.length - length).equals(BEGINNING.subarray(0, length))) return all.length - length;
  }
  return all.length;
}

/** `state=error:app=NAME:msg=BASE64`, in any order; what else there is says nothing to us. */
function reportIn(payload: string): OscReport | undefined {
  if (payload === '?') return { type: 'query' };
  const fields = new Map(payload.split(/[:;]/).map((field) => splitOnce(field, '=')));
  const status = STATES.get(fields.get('state') ?? '');
  const message = Buffer.from(fields.get('msg') ?? '', 'base64').toString();
  return status === undefined ? undefined : { type: 'state', status, ...(message === '' ? {} : { reason: message }) };
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
