import type { AgentStatus } from '../../core/agent-state.js';
import { SequenceSieve } from '../../pty/terminal/sequence-sieve.js';

/** An agent's report, or query, by OSC 7501. */
export type OscReport =
  | { readonly type: 'query' }
  /** `reason`: the agent's message, where it gives one. */
  | { readonly type: 'state'; readonly status: AgentStatus; readonly reason?: string };

/** The terminal's announcement that it accepts reports: without it an agent sends none. */
export const LISTENING = '\x1b]7501;?1\x1b\\';

/** The longest report: a state and a sentence. */
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

/** Finds the reports in an agent's output, whatever the chunks. */
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

/** Parses `state=error:app=NAME:msg=BASE64`, in any order; other fields are ignored. */
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
