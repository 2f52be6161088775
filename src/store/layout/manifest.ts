import { join } from 'node:path';
import type { AgentState, Outcome } from '../../core/agent-state.js';
import type { Gap } from '../../core/events.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { replaceFile } from '../files/private-file.js';

/** The format of task.json. A reader refuses a larger one: it cannot know what changed. */
export const MANIFEST_VERSION = 1;

export const MANIFEST_FILE = 'task.json';

/** The backend of a task that was not recorded by orch. */
export const IMPORT_BACKEND = 'import';

/** A process, and its start by which no later one with the same pid is taken for it (process-identity.ts). */
export interface KnownProcess {
  readonly pid: number;
  readonly pidStart: string;
}

/** The contents of task.json, which is replaced as a whole at each change. */
export interface Manifest {
  readonly v: typeof MANIFEST_VERSION;
  readonly id: string;
  /** What the user called it; several tasks may have the same name. */
  readonly name?: string;
  readonly backend: string;
  /** The mode of the backend; absent in recordings of orch 0.1. */
  readonly mode?: string;
  /** What its run was asked for, as words of `orch run`, without what one start alone is about; absent where there is none. */
  readonly options?: readonly string[];
  /** The agent's own id of its session, where it reported one; of the last run of it. */
  readonly session?: string;
  /** The id of the task whose session it goes on with. */
  readonly resumes?: string;
  /** The program and its arguments as they were executed. */
  readonly argv: readonly string[];
  /** What lists show in place of `argv`: an agent's name and the beginning of its prompt; absent where `argv` says it. */
  readonly shown?: readonly string[];
  readonly cwd: string;
  /** The terminal's size at the start; later sizes are `resize` events. */
  readonly size: TerminalSize;
  /** The recorder: the orch process that writes this folder. */
  readonly pid: number;
  /** `processStart(pid)`, so that a later process with the same pid is not taken for it. */
  readonly pidStart: string;
  /** The agent, or the last run of it, where it lived long enough to be known; absent in recordings of orch 0.1. */
  readonly agent?: KnownProcess;
  /** Where the recorder of a running task takes clients: in the task's folder, or, where that has too long a path, an absolute one. */
  readonly socket?: string | undefined;
  /** `running` is what the recorder last said: it holds only while its process lives (see task-reader.ts). */
  readonly status: 'running' | 'done' | 'failed';
  /** What the agent was last doing, how that is known, and since when (RFC 3339); absent in recordings of orch 0.1. */
  readonly activity?: AgentState & { readonly since: string };
  /** RFC 3339, UTC, milliseconds. */
  readonly started: string;
  readonly ended?: string;
  /** The monotonic clock of the system at `started`, ms; it can be compared for as long as the recorder lives. */
  readonly startedMonotonicMs?: number;
  /** From `started` to `ended` by the monotonic clock, ms, whatever became of the wall clock meanwhile. */
  readonly durationMs?: number;
  /** How the agent ended: its exit code, and the number of the signal that killed it (0 when none did). */
  readonly exit?: { readonly code: number; readonly signal: number };
  /** The result, where more than the exit code decides it: the agent's word, a time-out, iterations used up. */
  readonly verdict?: Verdict;
  /** Bytes recorded when this was written; while a task runs, the log itself knows better. */
  readonly bytes: number;
  /**
   * SHA-256 of all bytes of the recording, lower-case hex; absent where some were removed to make room. Without a `chain`, in what
   * the first orch recorded, it is that.
   */
  readonly sha256?: string;
  /** SHA-256 of the recording's segments, chained from one to the next: what proves those that are left. */
  readonly chain?: string;
  /** The process that computes these two for a recording that has ended; they take its place. */
  readonly hashing?: KnownProcess;
  readonly gaps: readonly Gap[];
  /** The version of orch that recorded it. */
  readonly orch: string;
}

/** The result of running an agent, perhaps many times, with its reason. */
export interface Verdict {
  readonly result: Outcome;
  readonly reason: string;
  readonly iterations: number;
  /** Absolute offset behind the line that said it; where one did. */
  readonly offset?: number;
}

/**
 * Replaces the manifest of a task folder in one step, and returns how many bytes it has; throws the system's error, the old
 * one then untouched.
 */
export function writeManifest(folder: string, manifest: Manifest): number {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  replaceFile(join(folder, MANIFEST_FILE), text);
  return Buffer.byteLength(text);
}
