import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { screenText } from '../../src/render/transcript/clean-text.js';
import { onlyTask } from '../fixtures/agent-folder.js';
import { namesIn } from '../fixtures/export-task.js';
import { ORCH, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, openTerminal } from '../fixtures/terminal.js';
import { rowsOfTmux } from '../fixtures/tmux-screen.js';

const hasScriptreplay = spawnSync('scriptreplay', ['--version']).status === 0;
const asciinema = spawnSync('asciinema', ['--version'], { encoding: 'utf8' });
/** Later ones are written in another language, and are not what Debian has. */
const hasAsciinema2 = asciinema.status === 0 && asciinema.stdout.startsWith('asciinema 2.');
const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** The demo, recorded on a screen of 80 by 24. */
async function demo(): Promise<Disposable & { readonly path: string; readonly log: Buffer }> {
  const home = temporaryFolder();
  await using terminal = openOrch(['run', '-b', 'demo', '--speed', '0', '--dir', '.agent'], { cwd: home.path });
  expect(await terminal.end()).toEqual({ code: 0 });
  const { log } = onlyTask(join(home.path, '.agent'));
  return {
    path: home.path,
    log,
    [Symbol.dispose]: () => {
      home[Symbol.dispose]();
    },
  };
}

const screenOf = (bytes: Uint8Array): Promise<readonly string[]> => screenText([bytes], { cols: 80, rows: 24 });

describe('orch export', () => {
  test.skipIf(!hasScriptreplay)('script: scriptreplay prints the recording, byte for byte', async () => {
    using home = await demo();
    const { code, stderr } = await runOrch(['export', '-o', 'demo.script'], { cwd: home.path });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const args = ['--log-timing', 'demo.script.timing', '--log-out', 'demo.script', '--divisor', '1000'];
    const { stdout } = await runPiped('scriptreplay', args, { cwd: home.path });
    expect(stdout.includes(home.log)).toBe(true);
  });

  test.skipIf(!hasScriptreplay || !hasTmux)('script: a terminal shows in the end what orch shows', async () => {
    using home = await demo();
    await runOrch(['export', '-o', 'demo.script'], { cwd: home.path });
    const replayed = 'scriptreplay --log-timing demo.script.timing --log-out demo.script --divisor 1000';
    // It ends with a line feed of its own.
    const shown = await screenOf(Buffer.concat([home.log, Buffer.from('\r\n')]));
    expect(rowsOfTmux(replayed, home.path)).toEqual(shown);
  });

  test.skipIf(!hasAsciinema2)('asciicast-v2: asciinema cat prints the recording, byte for byte', async () => {
    using home = await demo();
    await runOrch(['export', '-o', 'demo.cast'], { cwd: home.path });
    // It wants a terminal of its own to read keys from.
    await using terminal = openTerminal('sh', ['-c', 'stty -opost; exec asciinema cat demo.cast'], { cwd: home.path });
    await terminal.end();
    expect(terminal.bytes.includes(home.log)).toBe(true);
  });

  test.skipIf(!hasAsciinema2 || !hasTmux)('asciicast-v2: a terminal shows in the end what orch shows', async () => {
    using home = await demo();
    await runOrch(['export', '-o', 'demo.cast', '--idle-limit', '10ms'], { cwd: home.path });
    expect(rowsOfTmux('asciinema play -s 1000 demo.cast', home.path)).toEqual(await screenOf(home.log));
  });

  test('text is what orch logs prints, and ansi the same in colours', async () => {
    using home = await demo();
    const text = await runOrch(['export', '-f', 'text'], { cwd: home.path });
    const logs = await runOrch(['logs', '--backend', '--no-ansi'], { cwd: home.path });
    expect(text.stdout.toString()).toBe(logs.stdout.toString());
    const ansi = await runOrch(['export', '-f', 'ansi'], { cwd: home.path });
    expect(ansi.stdout.toString()).toContain('\x1b[');
    expect(
      ansi.stdout
        .toString()
        .replace(/\x1b\[[\d;]*m/g, '')
        .replace(/ +$/gm, ''),
    ).toBe(text.stdout.toString());
  });

  test('a key is masked, which is said, unless it is not to be', async () => {
    using home = temporaryFolder();
    const key = `ghp_${'a1B2'.repeat(9)}`;
    await runOrch(['run', '-q', '--dir', '.agent', '--', 'echo', `token ${key}`], { cwd: home.path });
    const masked = await runOrch(['export', '-f', 'json'], { cwd: home.path });
    expect(masked.stdout.toString()).not.toContain(key);
    expect(masked.stderr).toMatch(/^orch: masked: a GitHub token \(\d times\) — --no-redact does not mask them\n$/);
    const plain = await runOrch(['export', '-f', 'json', '--no-redact'], { cwd: home.path });
    expect(plain.stdout.toString()).toContain(key);
    expect(plain.stderr).toBe('');
  });

  test.each([
    [[], /nothing says which format/],
    [['-o', 'a.xyz'], /ends in is no format/],
    [['-f', 'script'], /two files/],
    [['-f', 'tar', '--from', '3', '-o', 'x'], /--from does not go with tar/],
    [['-f', 'text', '--from', 'soon'], /is not a place/],
    [['-f', 'text', '--from', '@10', '--to', '@5'], /nothing between/],
    [['-f', 'text', '-o', 'no/such/folder/x'], /cannot be written: ENOENT/],
    [['-f', 'text', '-o', '.agent'], /cannot be written: EISDIR/],
    [['-f', 'text', 'nobody'], /no task nobody/],
  ])('%j is refused in one line, and nothing is made', async (args, why) => {
    using home = await demo();
    const before = namesIn(home.path);
    const { code, stdout, stderr } = await runOrch(['export', ...args], { cwd: home.path });
    expect(code).toBeGreaterThan(0);
    expect(stdout.toString()).toBe('');
    expect(stderr).toMatch(/^orch: [^\n]+\n$/);
    expect(stderr).toMatch(why);
    expect(namesIn(home.path)).toEqual(before);
  });

  test('a tar is not for a terminal', async () => {
    using home = await demo();
    await using terminal = openOrch(['export', '-f', 'tar'], { cwd: home.path });
    expect(await terminal.end()).toEqual({ code: 2 });
    expect(terminal.bytes.toString()).toMatch(/tar is not for a terminal/);
  });

  test('Ctrl-C leaves what was there, and nothing half made', async () => {
    using home = temporaryFolder();
    writeFileSync(join(home.path, 'big'), Buffer.alloc(60e6, 'the quick brown fox\r\n'));
    await runOrch(['import', 'big'], { cwd: home.path });
    writeFileSync(join(home.path, 'out.txt'), 'before');
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const child = spawn(process.execPath, [ORCH, 'export', '-o', 'out.txt'], { cwd: home.path });
      while (namesIn(home.path).every((name) => !name.endsWith('.tmp'))) await new Promise(setImmediate);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([code, null]);
      expect(readFileSync(join(home.path, 'out.txt'), 'utf8')).toBe('before');
      expect(namesIn(home.path)).toEqual(['.agent', 'big', 'out.txt']);
    }
  });

  test('a pipe, a link and a reader that goes are written to as such', async () => {
    using home = await demo();
    const head = await runPiped('sh', ['-c', `"$0" "$1" export -f json | head -n 1`, process.execPath, ORCH], {
      cwd: home.path,
    });
    expect(head).toMatchObject({ code: 0, stderr: '' });
    // As /dev/stdout is one. Never that itself: a test that fails as root would replace it.
    symlinkSync('/proc/self/fd/1', join(home.path, 'stdout'));
    execFileSync('mkfifo', [join(home.path, 'pipe')]);
    const line = '"$0" "$1" export -f text -o stdout | cat; cat pipe & "$0" "$1" export -f text -o pipe; wait';
    const { stdout, stderr } = await runPiped('sh', ['-c', line, process.execPath, ORCH], { cwd: home.path });
    expect(stderr).toBe('');
    expect(stdout.toString().match(/LOOP_COMPLETE/g)).toHaveLength(2);
    expect(readlinkSync(join(home.path, 'stdout'))).toBe('/proc/self/fd/1');
    expect(lstatSync(join(home.path, 'pipe')).isFIFO()).toBe(true);
  });

  test('a file that a link leads to is replaced, and the link stays; what it led to nowhere is made', async () => {
    using home = await demo();
    writeFileSync(join(home.path, 'real.txt'), 'before');
    symlinkSync('real.txt', join(home.path, 'link.txt'));
    symlinkSync('new.txt', join(home.path, 'dangling.txt'));
    for (const name of ['link.txt', 'dangling.txt']) {
      expect((await runOrch(['export', '-o', name], { cwd: home.path })).code).toBe(0);
      expect(lstatSync(join(home.path, name)).isSymbolicLink()).toBe(true);
      expect(readFileSync(join(home.path, name), 'utf8')).toContain('LOOP_COMPLETE');
    }
  });

  test('a bar is drawn on a terminal where it takes long, and goes again', async () => {
    using home = temporaryFolder();
    writeFileSync(join(home.path, 'big'), Buffer.alloc(60e6, 'the quick brown fox\r\n'));
    await runOrch(['import', 'big'], { cwd: home.path });
    await using terminal = openOrch(['export', '-o', 'out.txt'], { cwd: home.path });
    expect(await terminal.end(60_000)).toEqual({ code: 0 });
    expect(terminal.bytes.toString()).toMatch(/to text \[#* +\] +\d+ %/);
    expect(terminal.bytes.toString().endsWith('\r\x1b[K')).toBe(true);
  });
});

describe('orch import', () => {
  test('takes what is piped in, and what was recorded elsewhere', async () => {
    using home = await demo();
    const piped = await runOrch(['import', '-', '--name', 'piped'], { cwd: home.path, input: 'one\ntwo\n' });
    expect(piped).toMatchObject({ code: 0, stderr: '' });
    const raw = await runOrch(['logs', 'piped', '-o', 'raw'], { cwd: home.path });
    expect(raw.stdout.toString()).toBe('one\r\ntwo\r\n');
    expect((await runOrch(['verify', '-A', '-q'], { cwd: home.path })).code).toBe(0);
  });

  test.skipIf(spawnSync('script', ['--version']).status !== 0)('a session of script(1), at its times', async () => {
    using home = temporaryFolder();
    const args = [
      '-q',
      '--log-out',
      'out',
      '--log-timing',
      'timing',
      '--logging-format',
      'advanced',
      '-c',
      'printf "a\\nb"; exit 3',
    ];
    await runPiped('script', args, { cwd: home.path });
    const { code, stdout } = await runOrch(['import', '--timing', 'timing', 'out'], { cwd: home.path });
    expect(code).toBe(0);
    const { log, manifest } = onlyTask(join(home.path, '.agent'));
    expect(log.toString()).toBe('a\r\nb');
    expect(manifest).toMatchObject({ id: stdout.toString().trim(), exit: { code: 3, signal: 0 }, status: 'failed' });
  });

  test('stopped in the middle it leaves nothing', async () => {
    using home = temporaryFolder();
    const child = spawn(process.execPath, [ORCH, 'import', '-', '--dir', '.agent'], { cwd: home.path });
    child.stdin.write('beginning\n'.repeat(100));
    const folder = join(home.path, '.agent');
    while (!namesIn(home.path).includes('.agent') || namesIn(folder).every((name) => !name.startsWith('.coming-')))
      await new Promise(setImmediate);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(namesIn(home.path)).toEqual([]);
  });
});
