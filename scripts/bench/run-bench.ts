import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { platform } from 'node:os';
import type { Bench, Contender, Peer, Setting } from './bench.js';
import type { Build } from './builds.js';
import { isHere } from './recorders.js';
import type { BenchRecord, ContenderRecord } from './run-record.js';

export interface Conditions {
  readonly builds: readonly Build[];
  readonly mb: number;
  readonly rounds: number;
  readonly quick: boolean;
  readonly folder: string;
}

/** Gives each contender its turns, one after the other, so that what the machine does meanwhile meets them all. */
export async function runBench(bench: Bench, conditions: Conditions): Promise<BenchRecord> {
  if (bench.linuxOnly === true && platform() !== 'linux')
    return unmeasured(bench, 'missing', 'is measured on Linux only');
  const folder = join(conditions.folder, bench.name);
  mkdirSync(folder);
  const here = (bench.peers ?? []).filter(({ programs }) => programs.every(isHere));
  const setting: Setting = {
    builds: conditions.builds,
    peers: new Set(here.map(({ name }) => name)),
    mb: conditions.mb,
    scale: (full) => (conditions.quick ? Math.max(1, Math.round(full / QUICKER)) : full),
    folder,
  };
  try {
    const contenders = await bench.prepare(setting);
    const turns = conditions.rounds * (conditions.quick ? 1 : (bench.turnsPerRound ?? 1));
    const records = await takeTurns(contenders, turns);
    const missing = (bench.peers ?? []).filter((peer) => !here.includes(peer));
    return {
      name: bench.name,
      contenders: [...records, ...missing.map((peer) => ({ name: peer.name, turns: [], missing: whyMissing(peer) }))],
    };
  } catch (error) {
    return unmeasured(bench, 'failed', messageOf(error));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** So much less of all that is scaled in a quick run. */
const QUICKER = 25;

/** A contender that fails has no more turns; the others have theirs. */
export async function takeTurns(contenders: readonly Contender[], turns: number): Promise<readonly ContenderRecord[]> {
  const records = contenders.map(({ name }): ContenderRecord => ({ name, turns: [] }));
  for (let turn = 0; turn < turns; turn++) {
    for (const [at, contender] of contenders.entries()) {
      const record = records[at];
      if (record === undefined || record.failed !== undefined || turn >= (contender.mostTurns ?? turns)) continue;
      try {
        record.turns.push(await contender.measure());
      } catch (error) {
        record.failed = messageOf(error);
      }
    }
  }
  return records;
}

function unmeasured({ name }: Bench, why: 'missing' | 'failed', reason: string): BenchRecord {
  return { name, contenders: [{ name: 'orch', turns: [], [why]: reason }] };
}

function whyMissing({ programs, debian }: Peer): string {
  const absent = programs.filter((program) => !isHere(program));
  return `${absent.join(' and ')} is not installed${debian === undefined ? '' : ` (${debian} in Debian)`}`;
}

/** One line of it, and not all that a program has printed. */
function messageOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  return line.length > MOST_TOLD ? `${line.slice(0, MOST_TOLD)}…` : line;
}

const MOST_TOLD = 200;
