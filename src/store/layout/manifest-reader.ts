import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AGENT_STATUSES, OUTCOMES, STATUS_SOURCES } from '../../core/agent-state.js';
import { errnoCode, errors, reason } from '../../core/errors.js';
import { MANIFEST_FILE, MANIFEST_VERSION, type Manifest } from './manifest.js';
import { parseJson as parseTextAsJson, readTextIfPossible } from '../files/text-file.js';

/**
 * The manifest of a task folder, checked. Keys it does not know are left out: the same `v` may gain some.
 *
 * @throws OrchError MANIFEST_UNREADABLE naming the file, the key and what is allowed there
 */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST_FILE);
  const json = parseJson(path, readText(path));
  const { v } = versionSchema.safeParse(json).data ?? {};
  if (v !== undefined && v > MANIFEST_VERSION) {
    throw errors.manifestUnreadable(path, `its format is version ${v}, and this orch reads up to ${MANIFEST_VERSION}`);
  }
  const result = manifestSchema.safeParse(json);
  if (!result.success) throw errors.manifestUnreadable(path, firstProblem(result.error));
  return result.data;
}

/** Whether the manifest of a task folder is there, and of a format that only a newer orch knows. */
export function isNewerFormat(folder: string): boolean {
  const json = parseTextAsJson(readTextIfPossible(join(folder, MANIFEST_FILE)) ?? '');
  return (versionSchema.safeParse(json).data?.v ?? 0) > MANIFEST_VERSION;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw errors.manifestUnreadable(path, errnoCode(error) === 'ENOENT' ? 'there is none' : reason(error));
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw errors.manifestUnreadable(path, text === '' ? 'it is empty' : 'it is not JSON, or only its beginning');
  }
}

function firstProblem(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'it is damaged' : `${keyPath(issue.path)}: ${issue.message}`;
}

function keyPath(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the whole' : path.map(String).join('.');
}

const count = z.int({ error: 'must be a whole number' }).min(0, { error: 'must be 0 or more' });
const cells = z
  .int({ error: 'must be a whole number' })
  .min(1, { error: 'must be 1 to 65535' })
  .max(65_535, { error: 'must be 1 to 65535' });
const text = z.string({ error: 'must be a text' });
const hash = z
  .string({ error: 'must be 64 hexadecimal digits' })
  .regex(/^[0-9a-f]{64}$/, { error: 'must be 64 hexadecimal digits' });
const time = z.iso.datetime({ error: 'must be a time such as 2026-01-02T03:04:05.678Z' });

const versionSchema = z.object({ v: z.number() });

const manifestSchema: z.ZodType<Manifest> = z.object({
  v: z.literal(MANIFEST_VERSION, { error: `must be ${MANIFEST_VERSION}` }),
  id: text,
  name: text.exactOptional(),
  backend: text,
  mode: text.exactOptional(),
  options: z.array(text, { error: 'must be a list of texts' }).exactOptional(),
  session: text.exactOptional(),
  resumes: text.exactOptional(),
  argv: z.array(text, { error: 'must be a list of texts' }),
  shown: z.array(text, { error: 'must be a list of texts' }).exactOptional(),
  cwd: text,
  size: z.object({ cols: cells, rows: cells }, { error: 'must be {cols, rows}' }),
  pid: count,
  pidStart: text,
  agent: z.object({ pid: count, pidStart: text }, { error: 'must be {pid, pidStart}' }).exactOptional(),
  socket: text.optional(),
  status: z.enum(['running', 'done', 'failed'], { error: 'must be running, done or failed' }),
  activity: z
    .object(
      {
        status: z.enum(AGENT_STATUSES, { error: `must be one of ${AGENT_STATUSES.join(', ')}` }),
        source: z.enum(STATUS_SOURCES, { error: `must be one of ${STATUS_SOURCES.join(', ')}` }),
        reason: text.exactOptional(),
        since: time,
      },
      { error: 'must be {status, source, since}' },
    )
    .exactOptional(),
  started: time,
  ended: time.exactOptional(),
  startedMonotonicMs: z.number({ error: 'must be a number' }).exactOptional(),
  durationMs: z.number({ error: 'must be a number' }).min(0, { error: 'must be 0 or more' }).exactOptional(),
  exit: z.object({ code: count, signal: count }, { error: 'must be {code, signal}' }).exactOptional(),
  verdict: z
    .object(
      {
        result: z.enum(OUTCOMES, { error: 'must be done, failed, timeout or unfinished' }),
        reason: text,
        iterations: count,
        offset: count.exactOptional(),
      },
      { error: 'must be {result, reason, iterations}' },
    )
    .exactOptional(),
  bytes: count,
  sha256: hash.exactOptional(),
  chain: hash.exactOptional(),
  hashing: z.object({ pid: count, pidStart: text }, { error: 'must be {pid, pidStart}' }).exactOptional(),
  gaps: z.array(z.object({ offset: count, bytes: count, reason: text }), { error: 'must be a list of gaps' }),
  orch: text,
});
