import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/core/terminal/display-width.js';
import { runCli } from '../fixtures/cli.js';
import { LiveProgram, startOrch } from '../fixtures/live-program.js';
import { realRecordings } from '../fixtures/recordings.js';
import { ORCH, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openTerminal } from '../fixtures/terminal.js';

describe('orch render as a filter', () => {
  test('shows lines while they come', async () => {
    await using orch = startOrch(['render']);
    orch.read();
    await orch.write('one\ntwo');
    await orch.waitFor('one\n');
    await orch.write('\nthree\n');
    await orch.waitFor('three\n');
    orch.endInput();
    expect(await orch.end()).toBe(0);
    expect(orch.stdout).toBe('one\ntwo\nthree\n');
  });

  test('takes what a program writes to a pipe as what it would have written to a terminal', async () => {
    const { code, stdout, stderr } = await runOrch(['render', '-'], { input: 'a\n 10%\r100%\nb' });
    expect([code, stdout.toString(), stderr]).toEqual([0, 'a\n100%\nb\n', '']);
  });

  test('of nothing, from a device or a closed stdin, is nothing', async () => {
    for (const source of ['< /dev/null', '<&-']) {
      const line = `"$0" "$1" render ${source}`;
      const { code, stdout, stderr } = await runPiped('sh', ['-c', line, process.execPath, ORCH]);
      expect([code, stdout.toString(), stderr]).toEqual([0, '', '']);
    }
  });

  test('asked for without anything to read is one clear line', async () => {
    const line = `script -qec "'$0' '$1' render" /dev/null < /dev/null`;
    const { stdout } = await runPiped('sh', ['-c', line, process.execPath, ORCH]);
    expect(stdout.toString()).toContain(
      'orch: there is nothing to render — orch render FILE, or COMMAND | orch render',
    );
  });

  test('ends quietly when its reader has had enough, even if more never comes', async () => {
    const line = `"$0" "$1" render | head -n 1; echo "codes \${PIPESTATUS[*]}"`;
    await using shell = new LiveProgram('bash', ['-c', line, process.execPath, ORCH]);
    shell.read();
    await shell.write('one\n');
    await shell.waitFor('one\n');
    await shell.write('two\nthree\n');
    await shell.waitFor('codes 0 0');
    expect(shell.stdout).toBe('one\ncodes 0 0\n');
  });

  test('reads a pipe that has a name', async () => {
    const line = `exec "$0" "$1" render <(printf '1\\n2\\n')`;
    const { code, stdout } = await runPiped('bash', ['-c', line, process.execPath, ORCH]);
    expect([code, stdout.toString()]).toEqual([0, '1\n2\n']);
  });

  test('of 50 MB keeps to a fixed amount of memory', async () => {
    await using orch = startOrch(['render']);
    orch.read();
    const block = Buffer.from('\x1b[32ma line of the log\x1b[0m with some words in it\r\n'.repeat(1000));
    const blocks = Math.ceil(50_000_000 / block.length);
    for (let written = 0; written < blocks; written++) await orch.write(block);
    await orch.write('the last line\r\n');
    await orch.waitForEnd('the last line\n');
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${orch.pid}/status`, 'utf8'))?.[1];
    expect(Number(peak)).toBeLessThan(200_000);
    orch.endInput();
    expect(await orch.end()).toBe(0);
    expect(orch.stdout).toHaveLength(blocks * 1000 * 'a line of the log with some words in it\n'.length + 14);
  });
});

/** util-linux since 2.35. */
const scriptLogsTiming = spawnSync('script', ['--help']).stdout.includes('--log-timing');

describe('orch render of recordings', () => {
  test('gives what a task printed, as orch logs does', async () => {
    using folder = temporaryFolder();
    await runOrch(['run', '-q', '--dir', folder.path, '--size', '100x30', '-b', 'demo', '--speed', '0']);
    const logs = await runOrch(['logs', '--dir', folder.path, '--backend']);
    const raw = (await runOrch(['logs', '--dir', folder.path, '-o', 'raw'])).stdout;
    writeFileSync(join(folder.path, 'raw'), raw);
    const rendered = await runOrch(['render', '--cols', '100', '--rows', '30', join(folder.path, 'raw')]);
    expect(rendered.stdout.toString()).toBe(logs.stdout.toString());
  });

  test('reads what script(1) wrote', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'typescript');
    await runPiped('script', ['-qc', String.raw`printf '\033[31mone\033[0m\n10%%\r100%%\n'`, file]);
    expect(readFileSync(file, 'utf8')).toContain('Script started');
    const { code, stdout } = await runOrch(['render', file]);
    expect([code, stdout.toString()]).toEqual([0, 'one\n100%\n']);
  });

  test.skipIf(!scriptLogsTiming)('takes the sizes of what script(1) recorded from its timing file', async () => {
    using folder = temporaryFolder();
    const [typescript, timing] = [join(folder.path, 'typescript'), join(folder.path, 'timing')];
    const program = `trap 'printf "%055d\\n" 1; exit' WINCH; printf '%055d\\n' 0; while :; do sleep 0.05; done`;
    const log = ['--log-out', typescript, '--log-timing', timing, '--logging-format', 'advanced'];
    await using terminal = openTerminal('script', ['-q', ...log, '-c', program], { cols: 30, rows: 8 });
    await terminal.waitFor('0\r\n');
    terminal.resize(60, 20);
    await terminal.end();
    expect(readFileSync(timing, 'utf8')).toContain('SIGWINCH ROWS=20 COLS=60');
    const { code, stdout } = await runOrch(['render', '--screen', '--timing', timing, typescript]);
    expect([code, stdout.toString().trimEnd().split('\n')]).toEqual([0, ['0'.repeat(55), `${'0'.repeat(54)}1`]]);
    const plain = await runOrch(['render', '--screen', typescript]);
    expect(plain.stdout.toString()).toContain(`${'0'.repeat(30)}\n${'0'.repeat(25)}\n`);
  });

  const recordings = realRecordings();

  test.skipIf(recordings.length === 0)('holds no control character, whichever agent was recorded', async () => {
    for (const { name, log, cols, rows } of recordings) {
      const { code, stdout } = await runCli(['render', '--cols', `${cols}`, '--rows', `${rows}`, log], { cwd: '/' });
      expect([name, code, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/.exec(stdout)]).toEqual([name, 0, null]);
    }
  });

  const checked = recordings.flatMap(({ expected, ...recording }) =>
    expected === undefined ? [] : [{ ...recording, expected }],
  );

  test.skipIf(checked.length === 0).each(checked.length === 0 ? [undefined] : checked)(
    'is the text a person found in $name',
    async (recording) => {
      if (recording === undefined) return;
      const { log, cols, rows, expected } = recording;
      const { stdout } = await runCli(['render', '--cols', `${cols}`, '--rows', `${rows}`, log], { cwd: '/' });
      expect(folded(stdout, cols)).toBe(expected);
    },
  );
});

/** Lines as rows of a terminal, as a person copies them from a screen; what is broken here is narrow text. */
function folded(text: string, cols: number): string {
  const rowsOf = (line: string): string[] =>
    displayWidth(line) > cols ? [line.slice(0, cols).trimEnd(), ...rowsOf(line.slice(cols))] : [line];
  return text.split('\n').flatMap(rowsOf).join('\n');
}
