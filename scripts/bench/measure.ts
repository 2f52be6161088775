import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { testEnvironment } from '../../tests/fixtures/environment.js';
import { runPiped } from '../../tests/fixtures/run-orch.js';

export interface Command {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A file that is its stdin; none by default. */
  readonly input?: string;
  /** A file for its stdout, which is thrown away by default. */
  readonly output?: string;
}

/** What a command took, with all that it started. */
export type Measured = Omit<z.infer<typeof probed>, 'code' | 'signal' | 'error'>;

const probed = z.object({
  code: z.number().nullable(),
  signal: z.string().nullable(),
  error: z.string().nullable(),
  /** From its start to its own end. */
  seconds: z.number(),
  /** When that was, ms since 1970. */
  endedAt: z.number(),
  /** How much later the last process that it had left behind ended. */
  leftSeconds: z.number(),
  /** User and system time of all its processes, those it left behind too (on Linux). */
  cpuSeconds: z.number(),
  /** The largest resident set of one of them; MiB. */
  peakMib: z.number(),
});

/** Only against a command that hangs: the slowest known ones take minutes. */
const DEADLINE_MS = 900_000;

/**
 * Runs a whole command to its end, with nothing of this environment but its PATH and home.
 *
 * @throws Error where it does not end with 0
 */
export async function measure({ argv, cwd = process.cwd(), env, input, output }: Command): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'orch-bench-probe-'));
  const errors = join(folder, 'stderr');
  try {
    const spec = {
      argv,
      cwd,
      env: testEnvironment(env),
      input: input ?? '/dev/null',
      output: output ?? '/dev/null',
      errors,
      deadlineMs: DEADLINE_MS,
    };
    const { stdout } = await runPiped(process.execPath, [PROBE, JSON.stringify(spec)], { deadlineMs: 2 * DEADLINE_MS });
    const { code, signal, error, ...measured } = probed.parse(JSON.parse(stdout.toString()));
    if (code === 0) return measured;
    const why = error ?? readFileSync(errors, 'utf8').trim().split('\n').at(-1) ?? '';
    throw new Error(`${argv.join(' ')} ended with ${signal ?? code}: ${why}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PROBE = fileURLToPath(new URL('probe.mjs', import.meta.url));

/** The figures of a command that reads `bytes`. */
export function ratesOf({ seconds, cpuSeconds, peakMib }: Measured, bytes: number): Record<string, number> {
  return {
    'rate, MB/s': bytes / 1e6 / seconds,
    'CPU, s/GB': cpuSeconds / (bytes / 1e9),
    'peak memory, MiB': peakMib,
  };
}
