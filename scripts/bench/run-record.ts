import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UsageError } from './usage-error.js';

const spread = z.object({ n: z.number(), median: z.number(), min: z.number(), max: z.number() });

const outcome = z.object({
  name: z.string(),
  work: z.string(),
  direction: z.enum(['≥', '≤']),
  target: z.number(),
  unit: z.string(),
  /** unjudged: there was nothing to judge it by, or it was a quick run; failed: orch was not measured. */
  verdict: z.enum(['met', 'missed', 'unjudged', 'failed']),
  /** Why it failed or has no value. */
  reason: z.string().exactOptional(),
  /** What is judged, in `unit`. */
  value: spread.exactOptional(),
  /** What was measured of orch and of what it is beside, in `measuredIn`. */
  measuredIn: z.string(),
  orch: spread.exactOptional(),
  peer: z.string().exactOptional(),
  ofPeer: spread.exactOptional(),
  /** What was measured of orch, as a share of that of the other build. */
  ofOther: spread.exactOptional(),
});

const contender = z.object({
  name: z.string(),
  turns: z.array(z.record(z.string(), z.number())),
  /** Why there are not all turns: it is not installed, or one went wrong. */
  missing: z.string().exactOptional(),
  failed: z.string().exactOptional(),
});

const benchRecord = z.object({ name: z.string(), contenders: z.array(contender) });

const runRecord = z.object({
  v: z.literal(1),
  started: z.string(),
  ended: z.string(),
  machine: z.object({
    system: z.string(),
    cpu: z.string(),
    cpus: z.number(),
    memoryGb: z.number(),
    node: z.string(),
    /** Of the last minute before the run. */
    load: z.number(),
  }),
  mb: z.number(),
  rounds: z.number(),
  quick: z.boolean(),
  /** The commits of this build and of the one in `--against`. */
  orch: z.string().exactOptional(),
  other: z.string().exactOptional(),
  lines: z.array(outcome),
  benches: z.array(benchRecord),
});

/** What one line of the table came to. */
export type Outcome = z.infer<typeof outcome>;
export type BenchRecord = z.infer<typeof benchRecord>;
export type ContenderRecord = z.infer<typeof contender>;
/** A run, as `--json` keeps it. */
export type RunRecord = z.infer<typeof runRecord>;

/** @throws UsageError where the file cannot be read, or is none that `--json` has written */
export function readRunRecord(path: string): RunRecord {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return runRecord.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${path} is not what --json writes: make it again with npm run bench -- --json ${path}`);
  }
}
