import type { AgentState, AgentStatus } from '../../core/agent-state.js';
import { SequenceSieve } from '../../pty/terminal/sequence-sieve.js';

/** A program's report by OSC 7501. */
export type OscReport =
  | ({ readonly type: 'state' } & Omit<AgentState, 'source'>)
  /** It takes back what it said, and says no more. */
  | { readonly type: 'clear' };

/** The longest report: a state and a sentence. The protocol's own limit is half of it. */
const MAX_BYTES = 8192;
const COMMAND = '7501;';

/** An agent that is done with its turn is idle: `done` is the status of a task that has ended. */
const STATES: ReadonlyMap<string, AgentStatus> = new Map([
  ['working', 'working'],
  ['blocked', 'waiting'],
  ['done', 'idle'],
  ['idle', 'idle'],
  ['error', 'failed'],
]);

/** What a program waits for. */
const KINDS: ReadonlySet<string> = new Set(['permission', 'question', 'auth']);

/** Finds the reports in a program's output, whatever the chunks (Program Status Protocol, revision 0.4). */
export class OscReports {
  readonly #sieve = new SequenceSieve({ csi: '', osc: COMMAND.slice(0, 1), esc: '', payloadBytes: MAX_BYTES });

  push(bytes: Uint8Array): readonly OscReport[] {
    const found: OscReport[] = [];
    for (const token of this.#sieve.push(bytes)) {
      if (token.type !== 'osc' || token.payloadBytes > MAX_BYTES) continue;
      const payload = Buffer.from(token.payload).toString('latin1');
      const report = payload.startsWith(COMMAND) ? reportIn(payload.slice(COMMAND.length)) : undefined;
      if (report !== undefined) found.push(report);
    }
    return found;
  }
}

/** Parses `state=blocked:kind=permission:app=NAME:msg=BASE64`, in any order; other fields are ignored. */
function reportIn(payload: string): OscReport | undefined {
  const fields = new Map(payload.split(/[:;]/).map((field) => splitOnce(field, '=')));
  // With an id it is about one of several things that the program does, such as a subagent.
  if (fields.has('id')) return undefined;
  const state = fields.get('state') ?? '';
  if (state === 'clear') return { type: 'clear' };
  const status = STATES.get(state);
  if (status === undefined) return undefined;
  const reason = reasonIn(fields);
  return { type: 'state', status, ...(reason === '' ? {} : { reason }) };
}

/** `permission – Bash(make)`: what it waits for and its message, as far as it gives them. */
function reasonIn(fields: ReadonlyMap<string, string>): string {
  const kind = fields.get('state') === 'blocked' ? (fields.get('kind') ?? '') : '';
  const message = Buffer.from(fields.get('msg') ?? '', 'base64').toString();
  return [KINDS.has(kind) ? kind : '', message.replace(/[\s\p{Cc}]+/gu, ' ').trim()]
    .filter((text) => text !== '')
    .join(' \u2013 ');
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
