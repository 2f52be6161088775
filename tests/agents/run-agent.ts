import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { withDeadline } from '../fixtures/deadline.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { ORCH, runOrch } from '../fixtures/run-orch.js';
import { agentHome } from './agent-home.js';
import { markedProcesses } from './marked-processes.js';
import { ModelServer } from './model-server.js';

export interface AgentTask {
  readonly backend: string;
  readonly mode: string;
  /** The terminal's, such as `80x24`. */
  readonly size: string;
  readonly prompt: string;
  /** Sent to orch in the middle of the model's answer. */
  readonly signal?: NodeJS.Signals | undefined;
  /** How long the agent may take, in seconds. */
  readonly patience: number;
}

/** What came of it, as a user can tell. */
export interface AgentTaskEnd {
  /** orch's own exit code. */
  readonly code: number;
  /** What `orch show --json` says. */
  readonly status: string;
  readonly verdict: string | undefined;
  readonly reason: string | undefined;
  /** What `orch logs --no-ansi` says the agent printed. */
  readonly log: string;
  /** What orch printed meanwhile, down a pipe. */
  readonly stdout: string;
  readonly stderr: string;
  /** The prompt as it reached the model, with each request. */
  readonly prompts: readonly string[];
  /** Processes that have outlived it. */
  readonly left: readonly string[];
  /** What the model could not make sense of. */
  readonly problems: readonly unknown[];
}

const shown = z.object({
  status: z.string(),
  verdict: z.object({ result: z.string(), reason: z.string() }).optional(),
});

/** What orch may take beyond the agent's time: to start, to end the agent, to be killed after all. */
const GRACE_MS = 30_000;
/** So far into its answer the model is interrupted, in pieces. */
const MIDDLE = 50;
/** What ends with the agent's terminal needs a moment to do so, ms. */
const GONE_MS = 5_000;

/** Runs an agent under orch, with nobody before it, in a home of its own, against a model of its own. `bin`: where the agents are. */
export async function runAgent(
  bin: string,
  { backend, mode, size, prompt, signal, patience }: AgentTask,
): Promise<AgentTaskEnd> {
  await using model = await ModelServer.start();
  using home = agentHome(bin, model.url);
  const mark = `ORCH_TEST_MARK=${randomUUID()}`;
  const [name = '', value = ''] = mark.split('=');
  const env = { ...home.env, [name]: value };
  const promptFile = join(home.project, '..', 'prompt.md');
  writeFileSync(promptFile, prompt);
  const dir = ['--dir', join(home.project, '..', 'recordings')];
  const agent = ['-b', backend, '--mode', mode, '--prompt-file', promptFile];
  const limits = ['--size', size, '--iteration-timeout', `${patience}s`];
  const orch = spawn(process.execPath, [ORCH, 'run', ...dir, ...agent, ...limits], {
    cwd: home.project,
    env: testEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const printed = Promise.all([text(orch.stdout), text(orch.stderr)]);
    const closed = once(orch, 'close');
    if (signal !== undefined) {
      await eventually(
        () => model.streamed >= MIDDLE || orch.exitCode !== null,
        'the middle of an answer',
        patience * 1_000,
      );
      orch.kill(signal);
    }
    await withDeadline(closed, () => `the end of ${backend} --mode ${mode}`, patience * 1_000 + GRACE_MS);
    const [stdout, stderr] = await printed;
    await eventually(() => markedProcesses(mark).length === 0, 'all processes gone', GONE_MS).catch(() => undefined);
    const show = await runOrch(['show', 'latest', '--json', ...dir]);
    const logs = await runOrch(['logs', 'latest', '--backend', '--no-ansi', ...dir]);
    const { status, verdict } = shown.parse(JSON.parse(show.stdout.toString()));
    return {
      code: orch.exitCode ?? 128 + constants.signals[orch.signalCode ?? 'SIGKILL'],
      status,
      verdict: verdict?.result,
      reason: verdict?.reason,
      log: logs.stdout.toString(),
      stdout,
      stderr,
      prompts: model.asked.map((asked) => asked.prompt),
      left: markedProcesses(mark),
      problems: model.problems,
    };
  } finally {
    orch.kill('SIGKILL');
    for (const line of markedProcesses(mark)) process.kill(Number.parseInt(line), 'SIGKILL');
  }
}
