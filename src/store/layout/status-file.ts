import { join } from 'node:path';
import {
  AGENT_STATUSES,
  isSessionId,
  type ReportedState,
  STATUS_FILE,
  STATUS_SOURCES,
  type StatusLine,
} from '../../core/agent-state.js';
import { isRecord } from '../../core/guards.js';
import { LineTail } from '../files/line-tail.js';

/** Bytes read at a time: statuses are few and short, and an agent that writes more must not cost the recorder its memory. */
const MAX_LOOK_BYTES = 256 * 1024;

/** A status that an agent's hooks wrote to its status file. */
export class StatusFile implements Disposable {
  readonly #lines: LineTail;

  /** `folder`: the task's. */
  constructor(folder: string) {
    this.#lines = new LineTail(join(folder, STATUS_FILE));
  }

  /** The lines written since the last call that say anything. */
  read(): readonly StatusLine[] {
    return this.#lines.read(MAX_LOOK_BYTES).flatMap((line) => parseReported(line) ?? []);
  }

  [Symbol.dispose](): void {
    this.#lines[Symbol.dispose]();
  }
}

/** By hand: loading a schema library would cost the start of every run more than it costs to read this. */
function parseReported(line: string): StatusLine | undefined {
  const fields = objectIn(line);
  const state = stateIn(fields);
  const { session } = fields;
  const said = {
    ...(state === undefined ? {} : { state }),
    ...(typeof session === 'string' && isSessionId(session) ? { session } : {}),
  };
  return Object.keys(said).length === 0 ? undefined : said;
}

function stateIn({
  status,
  source = 'hook',
  reason,
  cost,
  tokens,
}: Readonly<Record<string, unknown>>): ReportedState | undefined {
  const known = AGENT_STATUSES.find((word) => word === status);
  const by = STATUS_SOURCES.find((word) => word === source);
  if (known === undefined || by === undefined) return undefined;
  const { input, output } = fieldsOf(tokens);
  return {
    status: known,
    source: by,
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(isAmount(cost) ? { cost } : {}),
    ...(isAmount(input) && isAmount(output) ? { tokens: { input, output } } : {}),
  };
}

function objectIn(line: string): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(line));
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** JSON has no infinite number, but 1e999 is read as one; it could not be written down again. */
function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
