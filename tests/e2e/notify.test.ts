import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onlyTask, statusesOfOnlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { ORCH, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, openTerminal, type TestTerminal } from '../fixtures/terminal.js';

/** An agent that waits for the user, by what it says, until there is a file `go`; then it ends with 3. */
const ASKS = `echo '{"status":"waiting"}' >> "$ORCH_TASK_DIR/status.jsonl"; until [ -e go ]; do sleep 0.02; done; exit 3`;
/** Writes what it is told, whole, with the name of its status last. */
const NOTES = String.raw`printf '%s|' "$ORCH_STATUS" "$ORCH_STATUS_SOURCE" "$ORCH_TASK_ID" "$ORCH_TASK_DIR" "$PWD" > "$ORCH_STATUS.new"; mv "$ORCH_STATUS.new" "$ORCH_STATUS"`;

function start(folder: string, notify: string, ...flags: readonly string[]): TestTerminal {
  const args = ['run', '--dir', join(folder, 'a'), ...flags, '--notify', notify, '--', 'sh', '-c', ASKS];
  return openOrch(args, { cwd: folder });
}

async function exists(path: string): Promise<void> {
  await eventually(() => existsSync(path), path);
}

test.concurrent('--notify is run when the agent waits, and at the end, and knows which task that is', async () => {
  using folder = temporaryFolder();
  await using orch = start(folder.path, NOTES, '-o', 'clean');
  await exists(join(folder.path, 'waiting'));
  writeFileSync(join(folder.path, 'go'), '');
  expect(await orch.end()).toEqual({ code: 3 });
  await exists(join(folder.path, 'failed'));
  const { manifest, folder: task } = onlyTask(join(folder.path, 'a'));
  const noted = (status: string): readonly string[] => readFileSync(join(folder.path, status), 'utf8').split('|');
  expect(noted('waiting')).toEqual(['waiting', 'hook', manifest.id, task, folder.path, '']);
  expect(noted('failed')).toEqual(['failed', 'exit', manifest.id, task, folder.path, '']);
  // Nobody sits before it: nothing rings.
  expect(orch.bytes.includes(0x07)).toBe(false);
});

test.concurrent('an agent that says that it failed is told of once, when it has ended', async () => {
  using folder = temporaryFolder();
  const script = `echo '{"status":"failed"}' >> "$ORCH_TASK_DIR/status.jsonl"; until [ -e go ]; do sleep 0.02; done; exit 3`;
  const notify = 'echo "$ORCH_STATUS $ORCH_STATUS_SOURCE" >> told';
  const running = runOrch(['run', '-q', '--dir', 'a', '--notify', notify, '--', 'sh', '-c', script], {
    cwd: folder.path,
  });
  await eventually(() => statusesOfOnlyTask(join(folder.path, 'a')).includes('failed hook'), 'the status');
  writeFileSync(join(folder.path, 'go'), '');
  expect((await running).code).toBe(3);
  await eventually(() => toldIn(folder.path).endsWith('exit\n'), 'the end');
  expect(toldIn(folder.path)).toBe('failed exit\n');
});

test.concurrent('a --notify that fails is said, once for each time, and changes nothing', async () => {
  using folder = temporaryFolder();
  await using orch = start(folder.path, 'echo noise; echo more >&2; exit 7', '-o', 'clean');
  await orch.waitFor(/orch: --notify ended with exit 7: echo noise; echo more >&2; exit 7\r\n/);
  writeFileSync(join(folder.path, 'go'), '');
  expect(await orch.end()).toEqual({ code: 3 });
  expect(orch.bytes.toString()).not.toMatch(/^(noise|more)/m);
});

test.concurrent('a --notify that does not end does not keep orch', async () => {
  using folder = temporaryFolder();
  const { code } = await runOrch(
    ['run', '-q', '--dir', join(folder.path, 'a'), '--notify', 'echo $$ > pid; exec sleep 600', '--', 'true'],
    { cwd: folder.path },
  );
  expect(code).toBe(0);
  await eventually(() => existsSync(join(folder.path, 'pid')) && pidIn(folder.path) > 0, 'the command');
  process.kill(pidIn(folder.path), 'SIGKILL');
});

test.concurrent('what rings is for terminals: it is not written to a file', async () => {
  using folder = temporaryFolder();
  const script = `exec "$0" "$1" run --dir a --notify : -- true 2>err`;
  await using terminal = openTerminal('/bin/sh', ['-c', script, process.execPath, ORCH], { cwd: folder.path });
  expect(await terminal.end()).toEqual({ code: 0 });
  expect(readFileSync(join(folder.path, 'err'), 'utf8')).toMatch(/^orch: done [^\x07\x1b]*$/);
});

test.concurrent('a person before the terminal hears a bell, and a terminal that knows OSC 9 shows which task it is', async () => {
  using folder = temporaryFolder();
  await using orch = start(folder.path, ':');
  await orch.waitFor(/\x1b\]9;task-\S+ waiting\x07\x07/);
  writeFileSync(join(folder.path, 'go'), '');
  await orch.waitFor(/\x1b\]9;task-\S+ failed\x07\x07/);
  expect(await orch.end()).toEqual({ code: 3 });
  expect(onlyTask(join(folder.path, 'a')).log.includes(0x07)).toBe(false);
});

function toldIn(folder: string): string {
  const path = join(folder, 'told');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function pidIn(folder: string): number {
  return Number(readFileSync(join(folder, 'pid'), 'utf8'));
}
