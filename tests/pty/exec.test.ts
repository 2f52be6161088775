import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExecError, exec } from '../../src/pty/exec/exec.js';
import type { ExecOptions, ExecResult } from '../../src/pty/exec/exec-options.js';
import { DESCRIPTORS_ARE_LISTED, LIST_DESCRIPTORS, listedDescriptors } from '../fixtures/descriptors.js';
import { testEnvironment } from '../fixtures/environment.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const env = testEnvironment();
const sh = (script: string, options: ExecOptions = {}): Promise<ExecResult> =>
  exec('sh', ['-c', script], { env, ...options });

async function failure(run: Promise<unknown>): Promise<ExecError> {
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ExecError)) throw new Error(`no ExecError: ${String(error)}`);
  return error;
}

describe('under a terminal', () => {
  test('all that is printed is stdout, and the size is what was asked for', async () => {
    const result = await sh('test -t 1 && stty size; echo err >&2', { cols: 91, rows: 17 });
    expect(result).toMatchObject({ stdout: '17 91\r\nerr\r\n', stderr: '', exitCode: 0, signal: undefined, bytes: 12 });
    expect(result.durationMs).toBeGreaterThan(0);
    expect(result.truncated).toBe(false);
    expect((await sh('stty size')).stdout).toBe('40 120\r\n');
  });

  test('what is typed is not echoed, and its end is said', async () => {
    expect((await sh('cat', { input: 'one\ntwo' })).stdout).toBe('one\r\ntwo');
    expect((await sh('cat; echo over')).stdout).toBe('over\r\n');
  });

  test.each(['0', '-1', '1.5', '65536'])('%s is no width', async (cols) => {
    await expect(sh('true', { cols: Number(cols) })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});

describe('with pipes', () => {
  test('stdout and stderr are kept apart', async () => {
    const result = await sh('echo out; echo err >&2; test -t 1 || echo piped', { tty: false });
    expect(result).toMatchObject({ stdout: 'out\npiped\n', stderr: 'err\n', exitCode: 0, bytes: 14 });
  });

  test('1 MB on both at once fills up neither', async () => {
    const script = 'head -c 1000000 /dev/zero | tr "\\0" o & head -c 1000000 /dev/zero | tr "\\0" e >&2; wait';
    const { stdout, stderr, bytes } = await sh(script, { tty: false });
    expect([stdout, stderr].map((text) => [text.length, new Set(text).size])).toEqual([
      [1_000_000, 1],
      [1_000_000, 1],
    ]);
    expect(bytes).toBe(2_000_000);
  });

  test('what is piped in arrives whole, also where nobody reads it', async () => {
    const input = Buffer.alloc(3_000_000, 'input ');
    const { stdout } = await sh('sha256sum', { tty: false, input });
    expect(stdout).toContain(createHash('sha256').update(input).digest('hex'));
    expect((await sh('exit 0', { tty: false, input })).exitCode).toBe(0);
  });
});

describe.each([true, false])('with tty: %s', (tty) => {
  test('a failure throws an error that carries the result', async () => {
    const error = await failure(sh('echo said; exit 42', { tty }));
    expect(error).toMatchObject({ code: 'PROCESS_FAILED', exitCode: 42, name: 'ExecError' });
    expect(error.result.stdout.trim()).toBe('said');
    expect(error.message).toContain('42');
    expect(await sh('exit 42', { tty, reject: false })).toMatchObject({ exitCode: 42, signal: undefined });
  });

  test('death by a signal is that signal, and 128 + its number', async () => {
    expect(await sh('kill -9 $$', { tty, reject: false })).toMatchObject({ exitCode: 137, signal: 'SIGKILL' });
    expect((await failure(sh('kill -TERM $$', { tty }))).result).toMatchObject({ exitCode: 143, signal: 'SIGTERM' });
  });

  test('a command that cannot be started gives 127 or 126 without one', async () => {
    const missing = await failure(exec('no-such-command', [], { env, tty }));
    expect(missing.result).toMatchObject({
      exitCode: 127,
      stdout: '',
      stderr: expect.stringContaining('no-such-command') as string,
    });
    expect(await exec('/etc/passwd', [], { env, tty, reject: false })).toMatchObject({ exitCode: 126 });
    await expect(exec('sh', [], { env, tty, cwd: '/no/such/folder' })).rejects.toMatchObject({ code: 'BAD_CWD' });
    await expect(exec('sh', ['a\0b'], { env, tty })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  test('text comes as it is printed, whole characters, wherever the bytes were cut', async () => {
    const pieces: string[] = [];
    let bytes = 0;
    const script = String.raw`printf '\360\237'; sleep 0.05; printf '\230\200 \345'; sleep 0.05; printf '\275\223'`;
    const { stdout } = await sh(script, {
      tty,
      onStdout: (text) => pieces.push(text),
      onData: (chunk) => (bytes += chunk.length),
    });
    expect(stdout).toBe('😀 当'.replace('当', '当'));
    expect(pieces.join('')).toBe(stdout);
    expect(pieces.some((piece) => piece.includes('\ufffd'))).toBe(false);
    expect(bytes).toBe(Buffer.byteLength(stdout));
  });

  test('a log file gets every byte behind what it had, for its owner alone', async () => {
    using folder = temporaryFolder();
    const logFile = join(folder.path, 'log');
    for (const text of ['one', 'two']) await sh(`printf '${text}\\377'`, { tty, logFile });
    expect(readFileSync(logFile)).toEqual(Buffer.from('one\xfftwo\xff', 'latin1'));
    expect(statSync(logFile).mode & 0o777).toBe(0o600);
  });

  test('an abort ends the command and all it started, and is the cause of the error', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const run = sh('sleep 60 & echo started; wait', {
      tty,
      signal: controller.signal,
      onStdout: () => {
        controller.abort(reason);
      },
    });
    const error = await failure(run);
    expect(error.result.signal).toBe('SIGTERM');
    expect(error.cause).toBe(reason);
  });

  test('an abort before the start ends it at once', async () => {
    for (let run = 0; run < 10; run += 1) {
      const result = await sh('sleep 60', { tty, reject: false, signal: AbortSignal.abort() });
      expect(result.signal).toBe('SIGTERM');
      expect(result.durationMs).toBeLessThan(60_000);
    }
  });

  test('a callback that throws ends the command with its error, and is not called again', async () => {
    let calls = 0;
    const run = sh('while :; do echo out; echo err >&2; done', {
      tty,
      onData: () => {
        calls += 1;
        throw new RangeError('no more');
      },
    });
    await expect(run).rejects.toThrow('no more');
    const now = calls;
    await sh('sleep 0.05', { tty });
    expect(calls).toBe(now);
    expect(calls).toBe(1);
  });

  test('many at once do not mix', async () => {
    const runs = Array.from({ length: 12 }, (_, n) => sh(`for i in 1 2 3 4; do printf ${n},; done`, { tty }));
    const texts = (await Promise.all(runs)).map(({ stdout }) => stdout);
    expect(texts).toEqual(texts.map((_, n) => `${n},`.repeat(4)));
  });
});

describe.skipIf(!DESCRIPTORS_ARE_LISTED)('what runs at once', () => {
  test('holds nothing but its own three streams, with a terminal or with pipes', async () => {
    using folder = temporaryFolder();
    // None ends before all have begun.
    const script = (name: string): string =>
      `: > ${name}; until [ -e a ] && [ -e b ] && [ -e c ] && [ -e d ]; do sleep 0.02; done; ${LIST_DESCRIPTORS}`;
    const runs = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name, at) => sh(script(name), { cwd: folder.path, tty: at % 2 === 0 })),
    );
    const held = runs.map(({ stdout }) => listedDescriptors(stdout));
    expect(held.map((fds) => [...fds.keys()])).toEqual(runs.map(() => [0, 1, 2]));
    const streams = held.flatMap((fds) => [...new Set(fds.values())]);
    expect(new Set(streams).size).toBe(streams.length);
  });

  test('is no business of what the program around starts by its own means', async () => {
    let listed = '';
    const onStdout = (): void => {
      listed ||= spawnSync('/bin/sh', ['-c', LIST_DESCRIPTORS], { encoding: 'utf8' }).stdout;
    };
    await sh('echo ready', { onStdout });
    expect([...listedDescriptors(listed).keys()]).toEqual([0, 1, 2]);
  });
});
