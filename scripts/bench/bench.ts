import type { Build } from './builds.js';

/** One kind of measurement: who takes part, and what a turn of each came to. `targets.ts` has what is promised of it. */
export interface Bench {
  /** As `--only` names it; names that begin with the same word are chosen by that word. */
  readonly name: string;
  /** What is measured, in a line. */
  readonly what: string;
  /** Programs that are measured beside orch where they are installed. */
  readonly peers?: readonly Peer[];
  /** What it reads is in proc(5). */
  readonly linuxOnly?: boolean;
  /** How many turns each contender has for each that `--rounds` asks for; default 1. */
  readonly turnsPerRound?: number;
  /** Makes the data and says who takes part. Its folder is removed once all have had their turns. */
  prepare(setting: Setting): Promise<readonly Contender[]> | readonly Contender[];
}

export interface Contender {
  /** `orch`, `other` (the build of `--against`), or the name of a peer. */
  readonly name: string;
  /** One turn. Rejects where the command fails or its result is wrong. */
  measure(): Promise<Readings>;
  /** At most this many turns: for what takes long and has no target. */
  readonly mostTurns?: number;
}

/** What one turn came to, by the name of the figure, which ends with its unit: `rate, MB/s`. */
export type Readings = Readonly<Record<string, number>>;

export interface Peer {
  readonly name: string;
  /** Looked for in PATH. */
  readonly programs: readonly string[];
  /** The package of Debian that has it, where that is called otherwise. */
  readonly debian?: string;
}

export interface Setting {
  /** This build, and that of `--against`. */
  readonly builds: readonly Build[];
  /** The peers of this bench that are here, by name. */
  readonly peers: ReadonlySet<string>;
  /** Megabytes (10^6 bytes) of text. */
  readonly mb: number;
  /** How many or how long it is in a full run, made small for a quick one; at least 1. */
  scale(full: number): number;
  /** A folder for this bench's data. */
  readonly folder: string;
}

/** The same measurement of each build. */
export function ofEachBuild(
  { builds }: Setting,
  contender: (build: Build) => Omit<Contender, 'name'>,
): readonly Contender[] {
  return builds.map((build) => ({ name: build.name, ...contender(build) }));
}

/** The peers that are here, of these. */
export function ofPeers(
  { peers }: Setting,
  contenders: Readonly<Record<string, Omit<Contender, 'name'>>>,
): readonly Contender[] {
  return Object.entries(contenders).flatMap(([name, contender]) => (peers.has(name) ? [{ name, ...contender }] : []));
}
