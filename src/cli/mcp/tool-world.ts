import { spawn } from '../../core/process/spawn.js';
import { ExitCode } from '../../core/exit-status.js';
import type { Clock } from '../../core/clock.js';
import { type AgentDirQuery, findAgentDir } from '../../store/layout/agent-dir.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { resolveTask } from '../../store/task/resolve-task.js';
import type { CliContext } from '../options/context.js';

/** More of what a command of orch says is no use to anyone. */
const SAID_CHARACTERS = 16_384;

/** What the tools work on: the recordings of one folder, looked for at each call, since the first task may still be to come. */
export class ToolWorld {
  readonly clock: Clock;
  readonly #query: AgentDirQuery;
  readonly #context: CliContext;

  constructor(query: AgentDirQuery, context: CliContext) {
    this.#query = query;
    this.#context = context;
    this.clock = context.clock;
  }

  /** @throws OrchError NO_AGENT_DIR */
  get agentDir(): string {
    return findAgentDir(this.#query);
  }

  /** @throws OrchError NO_AGENT_DIR, NO_SUCH_TASK, TASK_AMBIGUOUS */
  task(named: string): TaskFolder {
    return resolveTask(this.agentDir, named);
  }

  /**
   * Runs a command of orch itself on the same recordings, as a person would, with `input` as its input, and returns what it printed.
   * Throws what it said where it fails. One that waits is ended by `signal`.
   */
  async orch(words: readonly string[], signal: AbortSignal, input = ''): Promise<string> {
    const { execPath, script, cwd, env } = this.#context;
    const [name = '', ...rest] = words;
    const { dir } = this.#query;
    const args = [script, name, ...(dir === undefined ? [] : ['--dir', dir]), ...rest];
    const child = spawn(execPath, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], signal, killSignal: 'SIGINT' });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] = (said[stream] + text).slice(0, SAID_CHARACTERS);
      });
    child.stdin.on('error', () => undefined); // It does not want it, and says why.
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (code === ExitCode.ok) return said.stdout.trim();
    throw new CommandFailed(`${said.stdout}${said.stderr}`.trim() || `orch ${name} ended with ${code ?? 'a signal'}`);
  }
}

/** A command of orch has failed; the message is what it said. */
export class CommandFailed extends Error {}
