import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sealedLogName } from '../../src/store/log/segment-names.js';
import { onlyTask, statusOfOnlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { startOrch } from '../fixtures/live-program.js';
import { recordScript, runOrch } from '../fixtures/run-orch.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { RunningTask } from '../fixtures/running-task.js';
import { rowsAfter } from '../fixtures/screen.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

/** What a program that wants to know all about its terminal prints, and worse. */
const HOSTILE = [
  ...['\x1b[c', '\x1b[>c', '\x1b[6n', '\x1b[5n', '\x1b[?u', '\x1b[>q', '\x1b[18t', '\x1b[21t', '\x05', '\x9b6n'],
  ...['\x1b]52;c;aGVsbG8=\x07', '\x1b]52;c;?\x07', '\x1b]0;title\x07', '\x1b]10;?\x07', '\x1b]4;1;?\x1b\\'],
  ...['\x1bP$qm\x1b\\', '\x1bP+q544e\x1b\\', '\x1b_Gi=1;AAAA\x1b\\', '\x1b[?1000h', '\x1b[?1003h', '\x1b[?2004h'],
  ...['\x1b[?1049h', '\x1bc', '\x1b[?25l', '\x1b[2;5r', '\x1b[4h', '\x1b[?7l', '\x1b=', '\x1b[20h', '\x1b[5i'],
].join('text\r\n');

describe('orch logs -f through a pipe', () => {
  test('gives each line once, those that were there and those to come, and ends with the task', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    for (let line = 1; line <= 50; line++) task.print(`line ${line}\r\n`);
    await using logs = startOrch(['logs', '-f', '-n', 'all', '--backend', '--dir', folder.path]);
    logs.read();
    await logs.waitFor('line 50\n');
    for (let line = 51; line <= 100; line++) {
      task.print(`line ${line}\r\nworking`);
      await logs.waitFor(`line ${line}\n`);
      task.print('\r\x1b[K');
    }
    task.end();
    expect(await logs.end()).toBe(0);
    const expected = Array.from({ length: 100 }, (_, at) => `line ${at + 1}\n`).join('');
    expect(logs.stdout).toBe(expected);
    const later = await runOrch(['logs', '--backend', '--dir', folder.path]);
    expect(later.stdout.toString()).toBe(expected);
  });

  test('begins with the last ten lines unless told, and says on stderr how the task ended', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    task.print(Array.from({ length: 50_000 }, (_, at) => `line ${at}\r\n`).join(''));
    let isEnded = false;
    const { code, stdout, stderr } = await runOrch(['logs', '-f', '--backend', '--dir', folder.path], {
      onStdout: (text) => {
        if (isEnded || !text.endsWith('line 49999\n')) return;
        isEnded = true;
        task.end(7);
      },
    });
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^orch: task-1767323045-1 failed 7 after \S+\n$/)]);
    expect(stdout.toString()).toBe(Array.from({ length: 10 }, (_, at) => `line ${at + 49_990}\n`).join(''));
  });

  test('a line that waits is there within a second, a half one only when it is whole', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    await using logs = startOrch(['logs', '-f', '--dir', folder.path]);
    logs.read();
    task.print('whole\r\nha');
    await logs.waitFor('whole\n');
    expect(logs.stdout).toBe('whole\n');
    task.print('lf\r\n');
    await logs.waitFor('half\n');
    task.end();
    await logs.end();
    expect(logs.stdout).toBe('whole\nhalf\n');
  });

  test('nothing twice and nothing missing of 10,000 lines through 20 rotations, with characters cut anywhere', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    await using logs = startOrch(['logs', '-f', '-n', 'all', '--backend', '--dir', folder.path]);
    logs.read();
    const lines = Array.from({ length: 10_000 }, (_, at) => `line ${at} ✓ 日本\n`);
    const bytes = Buffer.from(lines.join('').replaceAll('\n', '\r\n'));
    const part = Math.ceil(bytes.length / 210);
    for (let at = 0, parts = 1; at < bytes.length; at += part, parts++) {
      task.print(bytes.subarray(at, at + part));
      if (parts % 10 === 0) task.rotate();
      // Now and then it has read all; in between, reading and writing go side by side.
      if (parts % 7 === 0) await logs.waitForEnd(`${lastLine(bytes.subarray(0, at + part))}\n`);
    }
    task.end();
    expect(await logs.end()).toBe(0);
    expect(logs.stdout).toBe(lines.join(''));
  });

  test('follows the resizes of the terminal', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1', size: { cols: 40, rows: 10 } });
    await using logs = startOrch(['logs', '-f', '--source', 'all', '--dir', folder.path]);
    logs.read();
    task.print(`${'a'.repeat(50)}\r\n`);
    await logs.waitFor(`${'a'.repeat(50)}\n`);
    task.resize(60, 10);
    task.print(`${'b'.repeat(55)}\x1b[1G\x1b[Kshort\r\n`);
    await logs.waitFor('short\n');
    task.end();
    await logs.end();
    expect(logs.stdout).toBe(`${'a'.repeat(50)}\norch: the terminal became 60x10\nshort\n`);
  });

  test('what orch notes comes between the lines, and afterwards stands where it was made', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    task.note('began');
    await using logs = startOrch(['logs', '-f', '--dir', folder.path]);
    logs.read();
    await logs.waitFor('orch: began\n');
    task.print('one\r\n');
    await logs.waitFor('one\n');
    task.note('in between');
    await logs.waitFor('orch: in between\n');
    task.print('two\r\n');
    task.note('over');
    task.end();
    await logs.end();
    expect(logs.stdout.split('\n').sort()).toEqual(['', 'one', 'orch: began', 'orch: in between', 'orch: over', 'two']);
    const later = await runOrch(['logs', '--dir', folder.path]);
    expect(later.stdout.toString()).toBe('orch: began\none\norch: in between\ntwo\norch: over\n');
  });

  test.each([
    ['text', []],
    ['times', ['-T']],
    ['JSON', ['-o', 'json']],
    ['many tasks', ['-A', '--exit-on-done']],
  ])('what is noted at the end comes behind the last words of the agent, as %s', async (_, argv) => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    await using logs = startOrch(['logs', '-f', '--source', 'all', ...argv, '--dir', folder.path]);
    logs.read();
    task.print('first words\r\n');
    await logs.waitFor('first words');
    task.print('last words\r\nand no end of line');
    task.note('ended with exit code 0');
    task.end();
    expect(await logs.end()).toBe(0);
    const told = logs.stdout.match(/first words|last words|and no end of line|ended with exit code 0/g);
    expect(told).toEqual(['first words', 'last words', 'and no end of line', 'ended with exit code 0']);
  });

  test.each([
    ['text', [], 'orch: … 1.0 kB before this point were removed …'],
    ['times', ['-T'], 'orch: … 1.0 kB before this point were removed …'],
    ['JSON', ['-o', 'json'], '… 1.0 kB before this point were removed …'],
    ['many tasks', ['-A', '--exit-on-done'], 'orch: … 1.0 kB before this point were removed …'],
  ])('what was removed parts the lines around it, and stands between them, as %s', async (_, argv, mark) => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    task.print('one\r\nhalf of a li');
    task.rotate();
    task.print('x'.repeat(1000));
    task.rotate();
    task.event({ type: 'trim', offset: 0, bytes: 1017 });
    rmSync(join(task.folder.path, sealedLogName(17)));
    task.print('ne\r\ntwo\r\n');
    await using logs = startOrch(['logs', '-f', '-n', 'all', '--backend', ...argv, '--dir', folder.path]);
    logs.read();
    await logs.waitFor('two');
    task.end();
    expect(await logs.end()).toBe(0);
    const told = logs.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (line.startsWith('{') ? (JSON.parse(line) as { text: string }).text : line));
    const expected = ['one', 'half of a li', mark, 'ne', 'two'];
    expect(told).toEqual(expected.map((text) => expect.stringMatching(new RegExp(`(?:^| )${text}$`)) as unknown));
  });

  test('what orch notes, alone, ends with the task too', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    task.note('began');
    await using logs = startOrch(['logs', '-f', '-s', 'orch', '--dir', folder.path]);
    logs.read();
    await logs.waitFor('orch: began\n');
    task.print('not of interest\r\n');
    task.note('over');
    task.end();
    expect(await logs.end()).toBe(0);
    expect(logs.stdout).toBe('orch: began\norch: over\n');
  });

  test('of a task that has ended it is what logs gives', async () => {
    using folder = temporaryFolder();
    await runOrch(recordScript(folder.path, 'seq 1 100'));
    const followed = await runOrch(['logs', '-f', '-n', 'all', '--dir', folder.path]);
    const logs = await runOrch(['logs', '--dir', folder.path]);
    expect([followed.code, followed.stdout.toString()]).toEqual([0, logs.stdout.toString()]);
  });

  test('the exact bytes with -o raw, as they come', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    task.print('\x1b[31mone');
    await using logs = startOrch(['logs', '-f', '-o', 'raw', '--dir', folder.path]);
    logs.read();
    await logs.waitFor('one');
    task.print('\r\n\x1b[6n');
    await logs.waitFor('\x1b[6n');
    task.end();
    expect(await logs.end()).toBe(0);
    expect(logs.stdout).toBe('\x1b[31mone\r\n\x1b[6n');
  });

  test('an agent whose followers are stopped, or many, is not held up', async () => {
    using folder = temporaryFolder();
    const script =
      'sleep 1; i=0; while [ $i -lt 5000 ]; do echo "line $i xxxxxxxxxxxxxxxxxxxxxxxxxxxx"; i=$((i+1)); done';
    const running = runOrch(recordScript(folder.path, script, '-q'));
    await eventually(() => statusOfOnlyTask(folder.path) === 'running', 'a running task');
    const followers = Array.from({ length: 5 }, () => startOrch(['logs', '-f', '--backend', '--dir', folder.path]));
    try {
      // None of them reads its output; the first is stopped altogether.
      process.kill(followers[0]?.pid ?? 0, 'SIGSTOP');
      expect((await running).code).toBe(0);
      expect(onlyTask(folder.path).manifest.bytes).toBeGreaterThan(5000 * 35);
    } finally {
      await Promise.all(followers.map((follower) => follower[Symbol.asyncDispose]()));
    }
  });
});

describe('orch logs -f -A', () => {
  test('gives whole lines of every task, of those that start later too, though others end or are removed', async () => {
    using folder = temporaryFolder();
    const tasks = Array.from(
      { length: 4 },
      (_, at) => new RunningTask(folder.path, { id: `task-1767323045-${at + 1}` }),
    );
    await using logs = startOrch(['logs', '-f', '-A', '-n', 'all', '--exit-on-done', '--dir', folder.path]);
    logs.read();
    for (const [at, task] of tasks.entries()) task.print(`begin ${at}\r\n`);
    for (const at of tasks.keys()) await logs.waitFor(`begin ${at}\n`);
    const late = new RunningTask(folder.path, { id: 'task-1767323099-1', name: 'late' });
    for (let line = 0; line < 500; line++) {
      for (const task of [...tasks, late]) task.print(`line ${line}\r\n`);
      if (line === 100) tasks[0]?.end();
      if (line === 100) tasks.shift();
      if (line === 200) tasks[0]?.rotate();
      if (line === 300) {
        rmSync(tasks.pop()?.folder.path ?? '', { recursive: true });
      }
      if (line % 10 === 0) await logs.waitFor(`line ${line}\n`);
    }
    for (const task of [...tasks, late]) task.end();
    expect(await logs.end()).toBe(4);
    const lines = logs.stdout.split('\n').slice(0, -1);
    expect(lines.filter((line) => !/^(?:task-1767323045-\d|late {13}) │ (?:begin \d|line \d+)$/.test(line))).toEqual(
      [],
    );
    const of = (name: string): string[] =>
      lines.flatMap((line) => (line.startsWith(name) ? [line.split('│ ')[1] ?? ''] : []));
    const numbered = (count: number): string[] => Array.from({ length: count }, (_, line) => `line ${line}`);
    expect(of('late')).toEqual(numbered(500));
    expect(of('task-1767323045-1')).toEqual(['begin 0', ...numbered(101)]);
    expect(of('task-1767323045-2')).toEqual(['begin 1', ...numbered(500)]);
    expect(of('task-1767323045-3')).toEqual(['begin 2', ...numbered(500)]);
  });

  test('says nothing of its own but how each of many tasks ended', async () => {
    using folder = temporaryFolder();
    const tasks = Array.from(
      { length: 15 },
      (_, at) => new RunningTask(folder.path, { id: `task-1767323045-${at + 1}` }),
    );
    for (const task of tasks) task.print('begun\r\n');
    let isFollowed = false;
    const { code, stderr } = await runOrch(['logs', '-f', '-A', '--exit-on-done', '--dir', folder.path], {
      onStdout: (text) => {
        if (isFollowed || text.split('begun\n').length <= tasks.length) return;
        isFollowed = true;
        for (const task of tasks) task.end();
      },
    });
    expect(code).toBe(0);
    expect(stderr.replaceAll(/^orch: task-1767323045-\d+ done after \S+\n/gm, '')).toBe('');
  });

  test('waits for the first task where none runs, passing over those that have ended, and ends with Ctrl-C', async () => {
    using folder = temporaryFolder();
    writeTask(folder.path, { id: 'task-1767323044-1', log: 'long ago\r\n' });
    await using terminal = openOrch(['logs', '-f', '-A', '--dir', folder.path]);
    await eventually(() => isWatching(terminal.pid), 'the wait for a task');
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    task.print('hello\r\n');
    await terminal.waitFor('hello');
    expect(terminal.bytes.toString()).not.toContain('long ago');
    await terminal.type('\x03');
    expect(await terminal.end()).toEqual({ code: 130 });
  });
});

describe('orch logs -f on a terminal', () => {
  test('lines scroll by, and what is being drawn stands beneath them, in place', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1', name: 'spin' });
    await using terminal = openOrch(['logs', '-f', '--backend', '--dir', folder.path], { cols: 60, rows: 12 });
    for (let step = 0; step < 30; step++) {
      task.print(`\r\x1b[K\x1b[32mstep ${step}\x1b[0m\r\nbusy ${'|/-\\'[step % 4] ?? ''} ${step}`);
      await terminal.waitFor(`step ${step}\x1b`);
    }
    await terminal.waitFor('busy / 29');
    const live = await rowsAfter(terminal.bytes, 60, 12);
    expect(live.slice(-2)).toEqual(['step 29', 'busy / 29']);
    task.print('\r\x1b[Kdone\r\n');
    task.end();
    expect(await terminal.end()).toEqual({ code: 0 });
    const text = terminal.bytes.toString();
    expect(text).toContain('\x1b[32mstep 29\x1b[0m');
    const screen = await rowsAfter(terminal.bytes, 60, 12);
    expect(screen.at(-1)).toMatch(/^orch: task-1767323045-1 done after /);
    expect(screen.slice(-5, -1)).toEqual(['step 27', 'step 28', 'step 29', 'done']);
    expect(screen.join('\n')).not.toContain('busy');
  });

  test('Ctrl-C ends it with 130, what was being drawn stays, and the prompt comes on a line of its own', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    task.print('one\r\ntwo\r\nworking');
    await using terminal = openOrch(['logs', '-f', '--backend', '--dir', folder.path], { cols: 40, rows: 8 });
    await terminal.waitFor('working');
    await terminal.type('\x03');
    expect(await terminal.end()).toEqual({ code: 130 });
    const after = Buffer.from(`${terminal.bytes.toString()}$ `);
    expect(await rowsAfter(after, 40, 8)).toEqual(['one', 'two', 'working^C', '$ ']);
    expect(terminal.bytes.toString()).not.toMatch(/\x1b\[\?/);
  });

  test('with --no-ansi there is no escape sequence at all, though it follows', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    task.print('\x1b[31mone\x1b[0m\r\nworking');
    await using terminal = openOrch(['logs', '-f', '--no-ansi', '--dir', folder.path]);
    await terminal.waitFor('one');
    task.print('\r\x1b[Ktwo\r\n');
    task.end();
    expect(await terminal.end()).toEqual({ code: 0 });
    expect(terminal.bytes.toString()).not.toContain('\x1b');
    expect(terminal.bytes.toString()).toMatch(/^one\r\ntwo\r\norch: /);
  });

  test.each([
    ['logs', ['logs', '--pager', 'never']],
    ['logs -o text', ['logs', '-o', 'text', '--pager', 'never', '--color', 'always', '-n', 'all']],
    ['logs -f', ['logs', '-f']],
    ['logs -f -A', ['logs', '-f', '-A', '--exit-on-done']],
  ])('a terminal that answers everything is asked nothing by %s of a hostile log', async (_, argv) => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1', name: 'bad\x1b[6nname' });
    task.print(HOSTILE);
    task.note('noted \x1b[6n');
    const answers = { '\x1b[6n': '\x1b[1;1R', '\x1b[c': '\x1b[?1;2c', '\x05': 'answer' };
    await using terminal = openOrch([...argv, '--dir', folder.path], { answers });
    await terminal.waitFor('text');
    task.print(`${HOSTILE}end of it\r\n`);
    if (argv.includes('-f')) await terminal.waitFor('end of it');
    task.end();
    await terminal.end();
    expect(terminal.asked).toEqual([]);
    // Colours, and in place: up, and erase a row.
    const left = terminal.bytes.toString('latin1').replaceAll(/\x1b\[(?:[\d;]*m|1A|2K)/g, '');
    expect(left).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/);
    expect(terminal.bytes.toString()).not.toMatch(/[\x80-\x9f]/);
  });
});

describe('orch logs --table', () => {
  test('on a terminal it is kept up to date in place, with tasks that start and end', async () => {
    using folder = temporaryFolder();
    writeTask(folder.path, { id: 'task-1767323044-1', log: 'long ago\r\n' });
    const one = new RunningTask(folder.path, { id: 'task-1767323045-1', name: 'one' });
    one.print('hello\r\nbusy 10%');
    const size = { cols: 100, rows: 10 };
    await using terminal = openOrch(['logs', '--table', '--interval', '20', '--dir', folder.path], size);
    await terminal.waitFor(/one.*running.*busy 10%/);
    const two = new RunningTask(folder.path, { id: 'task-1767323046-1', name: 'two' });
    two.print('second\r\n');
    await terminal.waitFor(/two.*running.*second/);
    one.print('\r\x1b[Kall done\r\n');
    one.end(3);
    await terminal.waitFor(/one.*failed 3.*all done/);
    await terminal.type('\x03');
    expect(await terminal.end()).toEqual({ code: 130 });
    const shown = await rowsAfter(terminal.bytes, size.cols, size.rows);
    expect(shown.slice(0, 3)).toEqual([
      expect.stringMatching(/^TASK +BACKEND +STATUS +BYTES +OUTPUT +LAST LINE$/),
      expect.stringMatching(/^one +command +failed 3 +29 B +\S+ \S+ +all done$/),
      expect.stringMatching(/^two +command +running +8 B +\S+ \S+ +second/),
    ]);
  });

  test('through a pipe it is printed once', async () => {
    using folder = temporaryFolder();
    writeTask(folder.path, { id: 'task-1767323044-1', log: 'long ago\r\n' });
    const { code, stdout } = await runOrch(['logs', '--table', 'latest', '--dir', folder.path]);
    expect([code, stdout.toString()]).toEqual([0, expect.stringMatching(/^TASK .*\ntask-1767323044-1 .* long ago\n$/)]);
  });
});

/** The last line of these bytes that is whole, as it is shown. */
function lastLine(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString().split('\r\n').at(-2) ?? '';
}

/** Whether a process waits for something to change in a folder. */
function isWatching(pid: number): boolean {
  const folder = `/proc/${pid}/fdinfo`;
  // Where a system does not say, it may as well begin behind the task: what is shown is the same.
  if (!existsSync(folder)) return true;
  return readdirSync(folder).some((fd) => {
    try {
      return readFileSync(`${folder}/${fd}`, 'utf8').includes('inotify wd:');
    } catch {
      // Closed since the folder was read.
      return false;
    }
  });
}
