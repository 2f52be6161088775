import { findBackend } from '../backends/index.js';
import type { Account } from '../core/agent-state.js';
import { type Clock, systemClock } from '../core/clock.js';
import { closeOnExec } from '../core/process/close-on-exec.js';
import { currentFolder } from '../core/process/current-folder.js';
import { definedOnly } from '../core/process/environment.js';
import { DEFAULT_SIZE, type TerminalSize } from '../core/terminal/size.js';
import { orchVersion } from '../core/version.js';
import { loadPty } from '../pty/process/load-pty.js';
import { cleanText } from '../render/transcript/clean-text.js';
import { givenByVariables, NOTHING_GIVEN, runSettings } from '../settings/run-settings.js';
import { openAgentDir } from '../store/layout/agent-dir.js';
import { readLog } from '../store/task/log-reader.js';
import type { TaskFolder } from '../store/layout/task-folder.js';
import { openOutputTarget } from './viewers/output-target.js';
import { planRecording } from './run/plan-recording.js';
import { runExitCode } from './run/run-exit-code.js';
import { recordUnattended } from './viewers/unattended.js';

const STDOUT = 1;

export interface AgentOptions {
  /** One of the backend's modes; undefined: its unattended one. */
  readonly mode?: string;
  /** The working folder; the process's by default. */
  readonly cwd?: string;
  /** The agent's environment; the process's by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The terminal's size; 120×40 by default. */
  readonly size?: TerminalSize;
  /** Time limits of the run, and of a silence, ms; none by default. */
  readonly timeoutMs?: number;
  readonly idleTimeoutMs?: number;
  /** It is refused what it would have to ask about; false by default: it works without asking. */
  readonly ask?: boolean;
}

export interface AgentResult extends Account {
  /** The text a person would have read, each line once. */
  readonly output: string;
  /** As `orch run`: 0 only when the agent did what it was asked, 124 for a time-out. */
  readonly exitCode: number;
  /** The verdict's reason. */
  readonly reason: string;
  /** The task's id: `orch logs ID` shows it. */
  readonly task: string;
}

/** An agent as a program uses it: each prompt is a run of its own, recorded whole. */
export class Agent {
  readonly #name: string;
  readonly #options: AgentOptions;
  #logDir: string | undefined;

  /** @throws OrchError UNKNOWN_BACKEND */
  constructor(name: string, options: AgentOptions = {}) {
    this.#name = findBackend(name).name;
    this.#options = options;
  }

  /** Recordings go into this folder, which is made when there is none; else into the nearest `.agent`, as with `orch run`. */
  setLogDir(dir: string): void {
    this.#logDir = dir;
  }

  /**
   * Runs the agent with `prompt` to its end. With ORCH_VERBOSE=1 in the environment, what it prints is shown on stdout as
   * it comes. An aborted `signal` ends it by SIGTERM.
   *
   * @throws OrchError where it cannot be run: no such program, no folder to write to, no prompt
   */
  async execute(prompt: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<AgentResult> {
    signal?.throwIfAborted();
    const clock: Clock = systemClock;
    const {
      mode,
      cwd = currentFolder(),
      env = process.env,
      size = DEFAULT_SIZE,
      timeoutMs,
      idleTimeoutMs,
      ask,
    } = this.#options;
    const spawn = await loadPty();
    const settings = runSettings(
      {
        ...NOTHING_GIVEN,
        mode,
        ask: ask === true ? true : undefined,
        timeouts: { iterationMs: timeoutMs, idleMs: idleTimeoutMs },
      },
      false,
    );
    const dir = this.#logDir ?? givenByVariables(env).dir;
    const request = planRecording({ backend: findBackend(this.#name), prompt }, settings, {
      attached: false,
      execPath: process.execPath,
      cwd,
      env: definedOnly(env),
      size,
      recorder: { pid: process.pid, version: orchVersion() },
      agentDir: () => openAgentDir({ cwd, dir }),
    });
    const shown = env['ORCH_VERBOSE'] === '1' ? (process.stdout.isTTY ? 'raw' : 'clean') : 'none';
    const output = await openOutputTarget(
      shown,
      { fd: STDOUT, isTTY: process.stdout.isTTY },
      { size, clock, onFailed: () => undefined },
    );
    let folder: TaskFolder | undefined = undefined as TaskFolder | undefined;
    let stop = (): void => undefined;
    const result = await recordUnattended(
      request,
      { spawn, clock, notify: () => undefined },
      {
        output,
        input: undefined,
        mark: (bytes) => Buffer.from(`\r\n… ${bytes} bytes left out here …\r\n`),
        signal: signal ?? new AbortController().signal,
        onStart: (recording) => {
          // Only for orch's own starts, not for those of the program that embeds it.
          closeOnExec();
          folder = recording.task;
          stop = () => {
            recording.signal('SIGTERM', 'outside');
          };
          signal?.addEventListener('abort', stop);
          if (signal?.aborted === true) stop();
        },
      },
    );
    signal?.removeEventListener('abort', stop);
    return {
      output: folder === undefined ? '' : await textOf(folder, size),
      exitCode: runExitCode(result, settings),
      reason: result.verdict?.reason ?? '',
      ...result.account,
      task: folder?.id ?? '',
    };
  }
}

async function textOf(folder: TaskFolder, size: TerminalSize): Promise<string> {
  let text = '';
  for await (const line of cleanText(bytesOf(folder), size)) text += `${line.text}\n`;
  return text;
}

async function* bytesOf(folder: TaskFolder): AsyncGenerator<Uint8Array, void, void> {
  for await (const { bytes } of readLog(folder)) yield bytes;
}
