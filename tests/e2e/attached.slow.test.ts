import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { ORCH, recordScript } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, openTerminal } from '../fixtures/terminal.js';
import type { TerminalOptions, TestTerminal } from '../fixtures/terminal.js';
import { rowsOfTmux } from '../fixtures/tmux-screen.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A terminal in which orch, without its verdict, runs a shell script. */
function openScript(folder: string, script: string, options?: TerminalOptions): TestTerminal {
  return openOrch(recordScript(folder, script), options);
}

describe('in a terminal', () => {
  test('the screen gets the bytes the agent wrote, and the recording has the same', async () => {
    using folder = temporaryFolder();
    const script = String.raw`stty raw; for byte in $(seq 0 255); do printf "\\$(printf %o "$byte")"; done; seq 1 2000`;
    await using terminal = openScript(folder.path, script);
    await terminal.end();
    const { log, manifest } = onlyTask(folder.path);
    expect(log.subarray(0, 256)).toEqual(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
    expect(terminal.bytes.subarray(0, log.length).equals(log)).toBe(true);
    expect(manifest).toMatchObject({ bytes: log.length, sha256: sha256(log) });
  });

  test("the agent's terminal has the window's size, and follows it", async () => {
    using folder = temporaryFolder();
    const script = 'stty size; trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.05; done';
    await using terminal = openScript(folder.path, script, { cols: 91, rows: 17 });
    await terminal.waitFor('17 91');
    await terminal.waitFor('ready');
    terminal.resize(123, 45);
    await terminal.waitFor('45 123');
    await terminal.end();
    const { events, log } = onlyTask(folder.path);
    const offset = log.indexOf('45 123');
    expect(events).toContainEqual(expect.objectContaining({ type: 'resize', cols: 123, rows: 45, offset }));
  });

  test('every key goes to the agent, Ctrl-C, Ctrl-Z and Ctrl-\\ included', async () => {
    using folder = temporaryFolder();
    await using terminal = openScript(folder.path, 'stty raw -echo; echo ready; head -c 256 | od -An -v -tu1');
    await terminal.waitFor('ready');
    await terminal.type(Uint8Array.from({ length: 256 }, (_, byte) => byte));
    await terminal.waitFor(/ 0   1   2   3 .* 252 253 254 255/);
    expect(await terminal.end()).toEqual({ code: 0 });
  });

  test('Ctrl-C interrupts the agent, not orch', async () => {
    using folder = temporaryFolder();
    await using terminal = openScript(
      folder.path,
      'trap "echo caught; exit 7" INT; echo ready; while :; do sleep 0.05; done',
    );
    await terminal.waitFor('ready');
    await terminal.type('\x03');
    expect(await terminal.end()).toEqual({ code: 7 });
    expect(onlyTask(folder.path).log.toString()).toContain('caught');
  });

  test('a paste of 10 MB arrives whole', async () => {
    using folder = temporaryFolder();
    const paste = randomBytes(10_000_000);
    await using terminal = openScript(folder.path, 'stty raw -echo; echo ready; head -c 10000000 | sha256sum');
    await terminal.waitFor('ready');
    await terminal.type(paste);
    await terminal.waitFor(sha256(paste));
  });

  test('what the agent asks its terminal is answered by that terminal, once', async () => {
    using folder = temporaryFolder();
    const answers = {
      '\x1b[c': '\x1b[?62;22c',
      '\x1b[6n': '\x1b[5;7R',
      '\x1b]11;?\x1b\\': '\x1b]11;rgb:1111/2222/3333\x1b\\',
    };
    const script = String.raw`stty raw -echo min 0 time 5; printf '\033[c\033[6n\033]11;?\033\\'; cat | od -An -v -c`;
    await using terminal = openScript(folder.path, script, { answers });
    await terminal.end();
    expect(terminal.asked).toEqual(Object.keys(answers));
    const got = onlyTask(folder.path).log.toString().replaceAll(/\s+/g, '');
    expect(got).toContain(String.raw`033[?62;22c033[5;7R033]11;rgb:1111/2222/3333033\ `.trim());
    expect(got.match(/033\[\?62/g)).toHaveLength(1);
  });
});

describe('the terminal is put back', () => {
  /** A shell in which orch runs between two looks at the terminal's settings. */
  const openBetween = (folder: string, script: string): TestTerminal =>
    openTerminal('sh', [
      '-c',
      `stty -g; "$@"; printf '\\nsettings '; stty -g; echo left`,
      'sh',
      process.execPath,
      ORCH,
      ...recordScript(folder, script),
    ]);
  const settingsIn = (terminal: TestTerminal): readonly string[] =>
    terminal.bytes.toString().match(/[0-9a-f]+(:[0-9a-f]+){10,}/g) ?? [];
  const modes = String.raw`printf '\033[?1049h\033[?25l\033[?1000h\033[?1006h\033[?2004h\033[>1u\033[?1004h'`;
  const undone = ['\x1b[?1049l', '\x1b[?25h', '\x1b[?1000l', '\x1b[?2004l', '\x1b[?1004l'];

  test.each([
    ['its end', 'exit 0'],
    ['its crash', 'kill -SEGV $$'],
    ['its being killed', 'kill -9 $$'],
  ])('settings and modes, after %s', async (_, end) => {
    using folder = temporaryFolder();
    await using terminal = openBetween(folder.path, `stty raw -echo; ${modes}; ${end}`);
    await terminal.waitFor('left');
    const [before, after] = settingsIn(terminal);
    expect(after).toBe(before);
    const shown = terminal.bytes.toString();
    for (const mode of undone) expect(shown, mode).toContain(mode);
  });

  test('settings and modes, after orch itself was killed', async () => {
    using folder = temporaryFolder();
    await using terminal = openBetween(folder.path, `${modes}; read -r line; echo "orch is $PPID"; sleep 30`);
    await terminal.waitFor('\x1b[?1004h');
    await terminal.type('\n');
    await terminal.waitFor(/orch is \d+/);
    process.kill(Number(/orch is (\d+)/.exec(terminal.bytes.toString())?.[1]), 'SIGKILL');
    await terminal.waitFor(new RegExp(undone.map((mode) => `(?=.*${mode.replace(/[[?]/g, '\\$&')})`).join('')));
  });
});

describe('a terminal that nobody reads', () => {
  test('stops neither the agent nor its recording', async () => {
    using folder = temporaryFolder();
    await using terminal = openScript(folder.path, 'seq 1 100000');
    terminal.stopReading();
    expect(await terminal.end()).toEqual({ code: 0 });
    expect(onlyTask(folder.path).log.length).toBe(688_895);
  });

  test('is shown what it missed when it reads again', async () => {
    using folder = temporaryFolder();
    await using terminal = openScript(folder.path, 'stty raw -echo; echo ready; seq 1 100000; read -r line');
    await terminal.waitFor('ready');
    terminal.stopReading();
    await terminal.type('\n');
    terminal.readAgain();
    await terminal.end();
    const { log } = onlyTask(folder.path);
    expect(terminal.bytes.subarray(0, log.length).equals(log)).toBe(true);
  });
});

describe('what tmux has of a terminal', () => {
  test('its title and its tab stops, is as it was before orch', () => {
    using folder = temporaryFolder();
    const agent = String.raw`sh -c 'printf "\033]2;agent\a\033[3g\033[?7l\033[2;5r\033[2;1H"'`;
    const record = `'${process.execPath}' '${ORCH}' run --dir '${folder.path}' -- ${agent} 2>/dev/null`;
    const look = String.raw`printf 'a\tb\tc\n'; tmux display -p '#{pane_title}'`;
    const rows = rowsOfTmux(String.raw`clear; printf '\033]2;mine\033\\'; ${record}; ${look}`, folder.path);
    expect(rows.filter((row) => row !== '')).toEqual(['a       b       c', 'mine']);
    expect(onlyTask(folder.path).log.toString()).toContain('\x1b]2;agent');
  });
});
