import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, statusOfOnlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { withDeadline } from '../fixtures/deadline.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { ORCH, type PipedRun, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

/** `orch run` in a script: nothing to read, and its output in a pipe. */
interface Scripted extends Disposable {
  readonly dir: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: () => Promise<number>;
  readonly id: () => string;
  readonly log: () => string;
  orch(...args: readonly string[]): Promise<PipedRun>;
}

async function inScript(script: string, ...flags: readonly string[]): Promise<Scripted> {
  const folder = temporaryFolder();
  const dir = join(folder.path, 'a');
  const args = [ORCH, 'run', '--dir', dir, '--size', '80x24', ...flags, '--', 'sh', '-c', script];
  const child = spawn(process.execPath, args, { env: testEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => {
      resolve(code ?? -1);
    });
  });
  const isListening = (): boolean =>
    existsSync(dir) && taskFolders(dir).some((task) => existsSync(join(dir, task, 'host.sock')));
  await eventually(() => isListening() && statusOfOnlyTask(dir) === 'running', `the socket; ${stderr}`);
  return {
    dir,
    stdout: () => stdout,
    stderr: () => stderr,
    ended: () => withDeadline(ended, () => `the end; ${stdout}${stderr}`),
    id: () => taskFolders(dir)[0] ?? '',
    log: () => onlyTask(dir).log.toString(),
    orch: (...more) => runOrch([...more, '--dir', dir]),
    [Symbol.dispose]: () => {
      child.kill('SIGKILL');
      folder[Symbol.dispose]();
    },
  };
}

/** Prints what it reads, line by line; that its input has ended is nothing to it. */
const ECHO = 'stty -icanon; echo begun; while :; do read -r line && echo "<$line>"; [ "$line" = end ] && exit 7; done';

describe('orch run without a terminal', () => {
  test('is attached to, sent to, and stopped from elsewhere, and all hear how it ended', async () => {
    using run = await inScript(ECHO);
    await eventually(() => run.log().includes('begun'), 'output');
    await using terminal = openOrch(['attach', '--dir', run.dir]);
    await terminal.waitFor('begun');
    await terminal.type('typed\r');
    await terminal.waitFor('<typed>');
    expect((await run.orch('send', run.id(), 'sent')).code).toBe(0);
    await terminal.waitFor('<sent>');
    await terminal.type('end\r');
    expect(await terminal.end()).toEqual({ code: 7 });
    expect(await run.ended()).toBe(7);
    // What shows it is no host of its own: stdout has the text as ever.
    expect(run.stdout()).toMatch(/^begun\n[^]*<typed>\n[^]*<sent>\n[^]*<end>\n$/);
    expect(run.stderr()).toMatch(/orch: failed \(exit 7\)/);
    expect(terminal.bytes.toString()).toMatch(/orch: failed \(exit 7\)/);
    expect(existsSync(join(run.dir, run.id(), 'host.sock'))).toBe(false);
  });

  test('is stopped by orch stop', async () => {
    using run = await inScript('trap "echo got TERM; exit 9" TERM; echo begun; while :; do sleep 0.05; done', '-q');
    await eventually(() => run.log().includes('begun'), 'output');
    expect((await run.orch('stop', run.id())).code).toBe(0);
    expect(await run.ended()).toBe(9);
    expect(onlyTask(run.dir).events).toContainEqual(
      expect.objectContaining({ type: 'signal', signal: 'SIGTERM', from: 'orch stop' }),
    );
  });

  test('prints its text in the size of who writes, for as long as that is', async () => {
    using run = await inScript(ECHO.replace('echo "<$line>"', 'printf "%060d%060d\\n" 1 2'));
    await eventually(() => run.log().includes('begun'), 'output');
    await using wide = openOrch(['attach', '--dir', run.dir, '--take'], { cols: 200, rows: 30 });
    await wide.waitFor('begun');
    await eventually(() => onlyTask(run.dir).taskLog.includes('the terminal has 200x30 cells'), 'the size');
    await wide.type('x\r');
    await eventually(() => run.log().includes('2\r\n'), 'a long line');
    await wide.type('end\r');
    await wide.end();
    await run.ended();
    expect(run.stdout()).toContain(`${'1'.padStart(60, '0')}${'2'.padStart(60, '0')}\n`);
  });

  test('answers what the agent asks where no terminal does, and its writer does where one is there', async () => {
    const ask = String.raw`printf '\033[c'; a=; while :; do c=$(dd bs=1 count=1 2>/dev/null); a="$a$c"; [ "$c" = c ] && break; done; printf 'answer%s.' "${'${a#?}'}"`;
    const script = `stty raw -echo; ${ask}; until [ "$(dd bs=1 count=1 2>/dev/null)" = x ]; do :; done; ${ask}; exit 0`;
    using run = await inScript(script, '-o', 'none');
    await eventually(() => run.log().includes('answer[?62;22c.'), 'the answer of orch');
    await using writer = openOrch(['attach', '--dir', run.dir, '--take'], { answers: { '\x1b[c': '\x1b[?1;2c' } });
    await writer.waitFor('answer');
    await eventually(() => onlyTask(run.dir).taskLog.includes('writes, at byte'), 'the writer');
    await writer.type('x');
    expect(await run.ended()).toBe(0);
    expect(run.log().match(/answer\S+?c\./g)).toEqual(['answer[?62;22c.', 'answer[?1;2c.']);
    expect(writer.asked).toEqual(['\x1b[c']);
  });
});
