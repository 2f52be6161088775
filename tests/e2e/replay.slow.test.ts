import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SafeView } from '../../src/render/safe-view.js';
import { Screen } from '../../src/render/screen/screen.js';
import { ORCH, runOrch } from '../fixtures/run-orch.js';
import { RunningTask } from '../fixtures/running-task.js';
import { rowsAfter } from '../fixtures/screen.js';
import { startOrch } from '../fixtures/live-program.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, openTerminal, type TerminalOptions, type TestTerminal } from '../fixtures/terminal.js';
import { LINES, writeWholeTask } from '../fixtures/whole-task.js';
import { type Happening, writeReplayed } from '../view/replay/replayed-task.js';

const output = (text: string, ms = 100): Happening => ({ type: 'output', ms, bytes: Buffer.from(text) });

/** A session of a second: a banner, colours, a resize, wide characters, a redraw. */
const SESSION: readonly Happening[] = [
  output('\x1b[1mbanner\x1b[m\r\n'),
  output('one \x1b[32mgreen\x1b[m\r\n'),
  { type: 'resize', ms: 50, size: { cols: 100, rows: 30 } },
  output('你好 wide\r\n'),
  output('redrawn 1'),
  output('\rredrawn 2\r\n'),
  output('the end\r\n', 500),
];
const bytesOf = (session: readonly Happening[]): Buffer =>
  Buffer.concat(session.flatMap((happening) => (happening.type === 'output' ? [happening.bytes] : [])));

const open = (folder: string, args: readonly string[], options?: TerminalOptions): TestTerminal =>
  openOrch(['replay', '--dir', folder, ...args], options);

/** The rows of a terminal that was left, down to the last with text. */
const rowsOf = (terminal: TestTerminal, cols = 80, rows = 24): Promise<string[]> =>
  rowsAfter(terminal.bytes, cols, rows);

describe('orch replay down a pipe', () => {
  test('prints the bytes that are safe, in their own time', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, SESSION);
    const { code, stdout } = await runOrch(['replay', '--dir', folder.path, '--speed', '2']);
    const view = new SafeView({ alternateScreen: true });
    expect(stdout).toEqual(Buffer.concat([view.push(bytesOf(SESSION)), view.end()]));
    expect(code).toBe(0);
  });

  test('prints clean lines with --no-ansi', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, SESSION);
    const { stdout } = await runOrch(['replay', '--dir', folder.path, '--no-ansi', '--speed', '10']);
    expect(stdout.toString()).toBe('banner\none green\n你好 wide\nredrawn 2\nthe end\n');
  });

  test('prints what lies between two places', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, SESSION);
    const { stdout } = await runOrch([
      'replay',
      '--dir',
      folder.path,
      '--no-ansi',
      '--from',
      '/wide/',
      '--to',
      '/redrawn/',
    ]);
    expect(stdout.toString()).toBe('你好 wide\nredrawn 2\n');
  });

  test('prints the screen at a time', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, SESSION);
    const screen = async (...at: readonly string[]): Promise<string> =>
      (await runOrch(['replay', '--dir', folder.path, '--screen', ...at])).stdout.toString();
    expect(await screen('--at', '0.45s')).toBe('banner\none green\n你好 wide\nredrawn 1\n');
    expect(await screen('--at', '/green/')).toBe('banner\none green\n');
    expect(await screen()).toBe('banner\none green\n你好 wide\nredrawn 2\nthe end\n');
  });

  test('prints the screen of a long recording from the keyframe in front of the place', async () => {
    using folder = temporaryFolder();
    const noWrap = '\x1b[?7l';
    const session = Array.from({ length: 40 }, (_, at) => {
      const lines = Array.from({ length: 1000 }, (__, line) => `${at}.${line} ${'x'.repeat(line % 100)}\r\n`);
      return output(lines.join(''));
    });
    const { folder: task } = writeReplayed(folder.path, [output(noWrap), ...session]);
    const screen = async (place: string): Promise<string> =>
      (await runOrch(['replay', '--dir', folder.path, '--screen', '--at', place])).stdout.toString();
    const places = ['1s', '3.5s', '/39[.]500 /', '@1300000', '@2000001'];
    const before = await Promise.all(places.map(screen));
    expect((await runOrch(['index', '--dir', folder.path])).code).toBe(0);
    expect(await Promise.all(places.map(screen))).toEqual(before);
    // Only who begins behind it does not see that this is gone.
    const log = openSync(join(task.path, 'backend.log'), 'r+');
    writeSync(log, 'x'.repeat(noWrap.length), 0);
    closeSync(log);
    const after = await Promise.all(places.map(screen));
    expect(after.map((text, at) => text === before[at])).toEqual([false, true, true, true, true]);
  });

  test('says what is missing in what it played, and ends with 4', async () => {
    using folder = temporaryFolder();
    writeWholeTask(folder.path, { parts: [LINES, 'two\r\n'], gapBytes: 7 });
    const all = await runOrch(['replay', '--dir', folder.path, '--idle-limit', '0']);
    expect(all).toMatchObject({
      code: 4,
      stderr: `orch: 7 bytes at offset ${LINES.length} are missing from the recording\n`,
    });
    expect(all.stdout.toString()).toBe(`${LINES}two\r\n`);
    expect(
      (await runOrch(['replay', '--dir', folder.path, '--from', `@${LINES.length + 7}`, '--idle-limit', '0'])).code,
    ).toBe(0);
  });

  test('follows a task that runs', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    task.print('before\r\n');
    await using program = startOrch(['replay', '--dir', folder.path, '--follow']);
    program.read();
    await program.waitFor('before\r\n');
    task.print('after\r\n');
    await program.waitFor('after\r\n');
    task.end();
    expect(await program.end()).toBe(0);
  });

  test.each([
    [['--speed', '0.1'], 'orch: --speed 0.1 is not a speed'],
    [['--from', 'noon'], 'orch: --from noon is not a place in a recording'],
    [['--from', '1m', '--to', '1s'], 'orch: --to lies in front of --from'],
    [['--from', '#2'], 'orch: there is no iteration 2'],
    [['--at', '1s'], 'orch: --at goes with --screen'],
    [['--screen', '--loop'], 'orch: --screen and --loop exclude each other'],
    [['--follow', '--loop'], 'orch: --follow and --loop exclude each other'],
  ])('refuses %j', async (args, message) => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, SESSION);
    const { code, stderr, stdout } = await runOrch(['replay', '--dir', folder.path, ...args]);
    expect([code, stdout.length]).toEqual([2, 0]);
    expect(stderr).toContain(message);
  });

  test('says that there is no recording', async () => {
    using folder = temporaryFolder();
    const { folder: task } = writeReplayed(folder.path, SESSION);
    rmSync(join(task.path, 'backend.log'));
    expect(await runOrch(['replay', '--dir', folder.path])).toMatchObject({ code: 4 });
  });
});

describe('orch replay in a terminal', () => {
  test('shows the recording above its status line, and ends with it', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, SESSION);
    await using terminal = open(folder.path, [], { cols: 70, rows: 10 });
    await terminal.waitFor('the end');
    const { code } = await terminal.end();
    // Without the last of it, which leaves the alternate screen.
    const until = terminal.bytes.lastIndexOf('\x1b[?1049l');
    const rows = await rowsAfter(terminal.bytes.subarray(0, until), 70, 10);
    expect(rows.slice(0, 5)).toEqual(['banner', 'one green', '你好 wide', 'redrawn 2', 'the end']);
    expect(rows[9]).toMatch(/^ ended {3}0:01 \/ 0:01 {2}1x {2}done {2}100x30 from 1,1/);
    expect(code).toBe(0);
    expect(await rowsOf(terminal, 70, 10)).toEqual([]);
  });

  test('stays at its end once somebody steers, and shows any moment of it', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, SESSION);
    await using terminal = open(folder.path, [], { cols: 60, rows: 12 });
    await terminal.waitFor('banner');
    await terminal.type(' 0');
    await terminal.waitFor('paused');
    await terminal.type('\x1b[F');
    await terminal.waitFor('the end');
    await terminal.type(',');
    await terminal.waitFor(/\x1b\[5;1H\x1b\[K/);
    await terminal.type(',');
    await terminal.waitFor('redrawn 1');
    await terminal.type('.');
    await terminal.waitFor('redrawn 2');
    await terminal.type('q');
    expect(await terminal.end()).toEqual({ code: 0 });
  });

  test('finds lines', async () => {
    using folder = temporaryFolder();
    const lines = Array.from({ length: 300 }, (_, at) => output(`line ${at + 1}\r\n`, 1));
    writeReplayed(folder.path, lines);
    await using terminal = open(folder.path, ['--speed', '0.5'], { cols: 60, rows: 12 });
    await terminal.waitFor('playing');
    await terminal.type('/');
    await terminal.type('e 2[05]0$\r');
    await terminal.waitFor(/line 200.*paused/);
    await terminal.type('n');
    await terminal.waitFor('line 250');
    await terminal.type('N');
    await terminal.waitFor('line 200');
    await terminal.type('/\x1b[200~no such line\x1b[201~\r');
    await terminal.waitFor('no line matches');
    await terminal.type('/(\r');
    await terminal.waitFor('not a regular expression');
    await terminal.type('?');
    await terminal.waitFor('a regular expression');
    await terminal.type('q');
    expect(await terminal.end()).toEqual({ code: 0 });
  });

  test('shows a part of a recording that is larger, another where it is panned, and asks for room with --fit', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, [output(`${'0123456789'.repeat(12)}\r\nsecond\r\n`), output('\r\n'.repeat(20), 10)], {
      cols: 120,
      rows: 40,
    });
    await using terminal = open(folder.path, ['--fit', '--loop'], { cols: 30, rows: 8 });
    await terminal.waitFor('\x1b[8;41;120t');
    await terminal.waitFor('playing');
    await terminal.type(' \x1b[F');
    await terminal.waitFor('paused');
    await terminal.type('kkkkkkkkkkkk');
    await terminal.waitFor('second');
    await terminal.type('l');
    await terminal.waitFor('890123456789012345678901234567');
    await terminal.type('\x1b[1;2D');
    await terminal.waitFor('012345678901234567890123456789');
    await terminal.type('q');
    await terminal.end();
    expect(terminal.bytes.toString()).toContain('\x1b[8;8;30t');
  });

  test('fills the window, whatever becomes of that', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, [output('begun\r\n', 10), output('ended\r\n', 100_000)]);
    await using terminal = open(folder.path, ['--idle-limit', '1000'], { cols: 60, rows: 12 });
    await terminal.waitFor('\x1b[12;1H\x1b[K\x1b[7m');
    await terminal.waitFor('begun');
    terminal.resize(90, 20);
    await terminal.waitFor('\x1b[20;1H\x1b[K\x1b[7m');
    terminal.resize(50, 5);
    await terminal.waitFor('\x1b[5;1H\x1b[K\x1b[7m');
    await terminal.type('q');
    expect(await terminal.end()).toEqual({ code: 0 });
  });

  test('follows a task that runs, and its resizes', async () => {
    using folder = temporaryFolder();
    const task = new RunningTask(folder.path, { id: 'task-1767323045-1' });
    task.print('before\r\n');
    await using terminal = open(folder.path, ['-f'], { cols: 60, rows: 12 });
    await terminal.waitFor('before');
    await terminal.waitFor('live');
    task.resize(50, 11);
    task.print('after\r\n');
    await terminal.waitFor('after');
    task.end();
    expect(await terminal.end()).toEqual({ code: 0 });
  });
});

describe('whatever happens, the terminal is left as it was found', () => {
  const UNDONE = ['\x1b[?1049l', '\x1b[?7h', '\x1b[?2004l'];
  const LONG = [output('begun\r\n', 10), output('ended\r\n', 100_000)];

  /** A shell in which a replay runs between two looks at the terminal's settings. */
  const openBetween = (folder: string): TestTerminal =>
    openTerminal('sh', [
      '-c',
      'stty -g; "$@"; echo "code $?"; stty -g; echo left',
      'sh',
      ...[process.execPath, ORCH, 'replay', '--dir', folder, '--idle-limit', '1000'],
    ]);
  const settingsIn = (terminal: TestTerminal): readonly string[] =>
    terminal.bytes.toString().match(/[0-9a-f]+(:[0-9a-f]+){10,}/g) ?? [];
  const expectUndone = (terminal: TestTerminal): void => {
    const [before, after] = settingsIn(terminal);
    expect(after).toBe(before);
    const behind = terminal.bytes.subarray(terminal.bytes.lastIndexOf('\x1b[?2026l')).toString();
    for (const mode of UNDONE) expect(behind, mode).toContain(mode);
  };

  test.each([
    ['q', 0],
    ['\x03', 130],
  ])('by the key %j', async (key, code) => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, LONG);
    await using terminal = openBetween(folder.path);
    await terminal.waitFor('begun');
    await terminal.type(key);
    await terminal.waitFor(`code ${code}`);
    await terminal.waitFor('left');
    expectUndone(terminal);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
  ] as const)('by %s', async (signal, code) => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, LONG);
    await using terminal = openBetween(folder.path);
    await terminal.waitFor('begun');
    process.kill(childOf(terminal.pid), signal);
    await terminal.waitFor(`code ${code}`);
    await terminal.waitFor('left');
    expectUndone(terminal);
  });

  test('by kill -9', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, LONG);
    await using terminal = openBetween(folder.path);
    await terminal.waitFor('begun');
    process.kill(childOf(terminal.pid), 'SIGKILL');
    await terminal.waitFor(new RegExp(UNDONE.map((mode) => `(?=.*${mode.replace(/[[?]/g, '\\$&')})`).join('')));
  });

  test('by a window that is closed', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, LONG);
    await using terminal = open(folder.path, ['--idle-limit', '1000']);
    await terminal.waitFor('begun');
    terminal.close();
    expect((await terminal.end()).code).toBe(129);
  });

  test('by a window of one cell', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, LONG);
    await using terminal = openBetween(folder.path);
    await terminal.waitFor('begun');
    terminal.resize(1, 1);
    await terminal.type(' ?/x\x1b');
    await terminal.type('\x1b[F');
    terminal.resize(2, 1);
    terminal.resize(1, 2);
    terminal.resize(40, 5);
    await terminal.waitFor('paused');
    await terminal.type('q');
    // The help on the screen says "left", too.
    await terminal.waitFor('code 0');
    await terminal.waitFor('left');
    expectUndone(terminal);
  });

  test('by a stop, and it is taken again when that is over', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, LONG);
    await using terminal = openTerminal('bash', ['--norc', '--noprofile', '-i'], { env: { PS1: 'ready> ' } });
    await terminal.waitFor('ready> ');
    await terminal.type(`stty -g; "${process.execPath}" "${ORCH}" replay --dir "${folder.path}" --idle-limit 1000\n`);
    await terminal.waitFor('begun');
    await terminal.type('\x1a');
    await terminal.waitFor('\x1b[?1049l');
    await terminal.waitFor('ready> ');
    await terminal.type('stty -g; fg\n');
    await terminal.waitFor('\x1b[?1049h');
    await terminal.waitFor('begun');
    await terminal.type('q');
    await terminal.waitFor('ready> ');
    await terminal.type('stty -g; exit\n');
    await terminal.end();
    const settings = settingsIn(terminal);
    expect(settings.slice(1)).toEqual([settings[0], settings[0]]);
  });

  test('by a recording that wants it otherwise', async () => {
    using folder = temporaryFolder();
    const hostile = [
      '\x1b[6n\x1b[c\x1b[>c\x1b[=c\x1b[?996n\x1b]11;?\x07\x1b]52;c;aGk=\x07\x1b]52;c;?\x07',
      '\x1b]0;title\x07\x1bP$qm\x1b\\\x1bP+q544e\x1b\\\x1b_Gi=1;AAAA\x1b\\\x1b[18t\x1b[21t\x1b[8;5;5t\x1b#8\x05',
      'x\x1b[10000b\x1b[10000S\x1b[10000;10000H',
      '\x1b[?1049h\x1b[?1000h\x1b[?1006h\x1b[?2004h\x1b[>31u\x1b[=31u\x1b[>4;2m\x1b[?1h\x1b=\x1b[4h\x1b[20h\x1b(0\x0e',
      '\x1b[5;5r\x1b[?6h\x1b[?25l\x1b]8;;https://example.org\x07link \x9b31mred\u009b31m\r\n',
      '\x1b]9;4;3\x07\x1b]10;#fff\x07\x1b]4;1;#000\x07\x1b[3J\x1bc\x1b[?3h\x1b[!p',
      'survived\r\n',
      '\x1b[?1049h\x1b[?7l',
    ];
    writeReplayed(
      folder.path,
      hostile.map((text) => output(text, 30)),
    );
    for (const args of [[], ['--no-ansi'], ['--loop']]) {
      await using terminal = open(folder.path, args, { cols: 60, rows: 12 });
      await terminal.waitFor('survived');
      if (args.includes('--loop')) await terminal.type('q');
      expect((await terminal.end()).code).toBe(0);
      const text = terminal.bytes.toString('latin1');
      const rest = text.replace(/\x1b\[(?:[\d;]*[mHKJ]|\?(?:1049|7|2004|25|2026)[hl])|\x1b\[m/g, '');
      expect(rest).not.toMatch(/[\x00-\x09\x0b\x0c\x0e-\x1f]/);
      if (args.includes('--no-ansi')) expect(text).not.toContain('\x1b');
      else expect(text.lastIndexOf('\x1b[?1049l')).toBeGreaterThan(text.lastIndexOf('\x1b[?1049h'));
    }
  });

  test('by junk that is pasted', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, LONG);
    await using terminal = openBetween(folder.path);
    await terminal.waitFor('begun');
    await terminal.type('\x1b[200~qqq\x03\x1b[201~');
    await terminal.waitFor('code 130');
    await terminal.waitFor('left');
    expectUndone(terminal);
  });

  test('by a terminal that is not read for a while', async () => {
    using folder = temporaryFolder();
    const colours = Array.from({ length: 400 }, (_, at) =>
      output(`\x1b[H${`\x1b[3${at % 8}mpicture ${at} `.repeat(100)}`, 5),
    );
    writeReplayed(folder.path, colours);
    await using terminal = open(folder.path, ['--speed', '2'], { cols: 100, rows: 30 });
    await terminal.waitFor('picture');
    terminal.stopReading();
    await terminal.type(' ');
    terminal.readAgain();
    await terminal.waitFor('paused');
    await terminal.type('\x1b[F');
    await terminal.waitFor('picture 399');
    await terminal.type('q');
    expect((await terminal.end()).code).toBe(0);
  });
});

describe('the picture', () => {
  test('is that of the recording at every step', async () => {
    using folder = temporaryFolder();
    writeReplayed(folder.path, SESSION);
    await using terminal = open(folder.path, [], { cols: 110, rows: 31 });
    await terminal.waitFor('banner');
    await terminal.type(' 0');
    await terminal.waitFor('paused');
    const screen = new Screen({ cols: 80, rows: 24 });
    for (const happening of SESSION) {
      if (happening.type === 'output') screen.write(happening.bytes);
      else screen.resize(happening.size);
    }
    await terminal.type('\x1b[F');
    await terminal.waitFor('the end');
    const shown = await rowsAfter(terminal.bytes, 110, 31);
    const wanted = screen.rows().map(({ text }) => text.trimEnd());
    expect(shown.slice(0, 30)).toEqual([...wanted, ...Array<string>(30 - wanted.length).fill('')]);
    await terminal.type('q');
    await terminal.end();
  });
});

/** The child of a shell that has one. */
function childOf(pid: number): number {
  const path = `/proc/${pid}/task/${pid}/children`;
  return Number(existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ')[0] : Number.NaN);
}
