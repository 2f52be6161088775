import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TaskEvent } from '../../src/core/events.js';
import { processStart } from '../../src/store/layout/process-identity.js';
import { readTimeIndex } from '../../src/store/times/time-index-reader.js';
import { runCli } from '../fixtures/cli.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { LINES, writeWholeTask } from '../fixtures/whole-task.js';

const running = { status: 'running', pid: process.pid, pidStart: processStart(process.pid) ?? '', bytes: 0 } as const;
const lost = { ...running, pidStart: 'another boot:1' } as const;

/** What is left of a manifest when its task is running or was lost. */
const UNENDED = { ended: undefined, exit: undefined, sha256: undefined } as object;

/** A whole task in a folder of its own. */
function recorded(options: Parameters<typeof writeWholeTask>[1] = {}) {
  const home = temporaryFolder();
  const agent = join(home.path, '.agent');
  const folder = writeWholeTask(agent, options);
  return {
    cwd: home.path,
    agent,
    path: (name: string) => join(folder.path, name),
    [Symbol.dispose]: () => {
      home[Symbol.dispose]();
    },
  };
}

/** What `orch verify` finds: the lines that are not ok, and its exit code. */
async function verified(home: { readonly cwd: string }, ...flags: readonly string[]) {
  const { code, stdout, stderr } = await runCli(['verify', ...flags], home);
  expect(stderr).toBe('');
  const lines = stdout.split('\n').filter((line) => /^(FAIL|note|mend) /.test(line));
  return { code, lines };
}

/** The checks that failed. */
async function failures(home: { readonly cwd: string }): Promise<readonly string[]> {
  const { code, lines } = await verified(home);
  const names = lines.flatMap((line) => /^FAIL (\w+):/.exec(line)?.[1] ?? []);
  expect(code).toBe(names.length === 0 ? 0 : 4);
  return names;
}

/** That everything that reads still works, whatever it finds. */
async function expectReadable(home: { readonly cwd: string }): Promise<void> {
  for (const argv of [['ls'], ['show'], ['logs', '--backend']]) {
    const { code, stderr } = await runCli(argv, home);
    expect([0, 4]).toContain(code);
    expect(stderr).not.toContain('ORCH_DEBUG');
  }
}

describe('orch verify', () => {
  test('of a whole recording says so, a line a check', async () => {
    using home = recorded();
    const { code, stdout, stderr } = await runCli(['verify'], home);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatchInlineSnapshot(`
      "task-1767323045-1 done
      ok   manifest: version 1, done
      ok   bytes: 171 in 1 segment
      ok   offsets: 0 to 171
      ok   gaps: none
      ok   events: 4, from task.start to task.end
      ok   iterations: none
      ok   index: 5 times, up to byte 171
      ok   resizes: 1
      ok   stream: no backend.jsonl
      ok   files: readable by their owner alone, and no links
      ok   sha256: d4ed569092e133bbfbc206d550d8baf6711be94c9febe552c2ffff3edef50ba8
      ok   keyframes: none
      "
    `);
  });

  test.each([
    ['a byte in the middle is another', ['sha256']],
    ['its last byte is missing', ['bytes', 'offsets', 'sha256']],
    ['there is a byte more', ['bytes', 'offsets', 'sha256']],
    ['it is missing', ['bytes', 'offsets', 'sha256']],
    ['it is a link to the same bytes', ['sha256']],
  ])('backend.log: %s', async (what, wanted) => {
    using home = recorded();
    const log = home.path('backend.log');
    const flipped = Buffer.from(LINES);
    flipped[80] = (flipped[80] ?? 0) ^ 1;
    if (what.startsWith('a byte')) writeFileSync(log, flipped);
    if (what.startsWith('its last')) truncateSync(log, LINES.length - 1);
    if (what.startsWith('there is')) appendFileSync(log, 'x');
    if (what === 'it is missing') rmSync(log);
    if (what.startsWith('it is a link')) {
      rmSync(log);
      writeFileSync(join(home.cwd, 'elsewhere'), LINES);
      symlinkSync(join(home.cwd, 'elsewhere'), log);
    }
    expect(await failures(home)).toEqual(wanted);
  });

  test('gaps that were noted are no damage, but the recording is not whole', async () => {
    using home = recorded({ parts: ['first part, '.repeat(10), 'second', 'third'] });
    expect(await verified(home)).toEqual({
      code: 4,
      lines: ['FAIL gaps: 10 bytes from 120 on: ENOSPC (and 1 more problem)'],
    });
  });

  test('a part in the middle that was removed is missing', async () => {
    using home = recorded({ parts: ['first part, '.repeat(10), 'second', 'third'] });
    rmSync(home.path('backend.0000000000000130.log'));
    const { lines } = await verified(home);
    expect(lines).toContain('FAIL offsets: 6 bytes from 130 on are missing, and not recorded as a gap');
    expect(await failures(home)).toEqual(['bytes', 'offsets', 'gaps', 'sha256']);
  });

  test('a gap that was noted where the bytes are there is told', async () => {
    const gap = { offset: 100, bytes: 5, reason: 'EIO' };
    using home = recorded({ manifest: { gaps: [gap] }, events: [{ type: 'gap', ...gap }] });
    expect(await failures(home)).toEqual(['bytes', 'offsets', 'gaps']);
  });

  test('a gap that only one of manifest and events knows is told', async () => {
    using home = recorded({ events: [{ type: 'gap', offset: 100, bytes: 5, reason: 'EIO' }] });
    expect(await failures(home)).toEqual(['gaps']);
  });

  test.each<readonly [string, readonly string[], readonly TaskEvent[]]>([
    ['an offset that goes back', ['events'], [{ type: 'status', status: 'idle', source: 'quiet', offset: 10 }]],
    ['an offset behind the end', ['events'], [{ type: 'status', status: 'idle', source: 'quiet', offset: 9999 }]],
    ['a run without an end', ['iterations'], [{ type: 'iteration.start', iteration: 1, offset: 50 }]],
    ['a run that never began', ['iterations'], [iterationEnd(1)]],
    [
      'a second run without a first',
      ['iterations'],
      [{ type: 'iteration.start', iteration: 2, offset: 50 }, iterationEnd(2)],
    ],
    [
      'two runs in each other',
      ['iterations'],
      [1, 2].map((iteration) => ({ type: 'iteration.start', iteration, offset: 50 })),
    ],
    [
      'two runs',
      [],
      [
        { type: 'iteration.start', iteration: 1, offset: 50 },
        iterationEnd(1),
        { type: 'iteration.start', iteration: 2, offset: 50 },
        iterationEnd(2),
      ],
    ],
    ['a resize that the index does not have', ['resizes'], [{ type: 'resize', cols: 90, rows: 30, offset: 50 }]],
  ])('events: %s', async (_, wanted, events) => {
    using home = recorded({ events });
    expect(await failures(home)).toEqual(wanted);
  });

  test('a manifest of another version, or of another task, is told, and the rest is still checked', async () => {
    using home = recorded();
    const manifest = readFileSync(home.path('task.json'), 'utf8');
    writeFileSync(home.path('task.json'), manifest.replace('"v": 1', '"v": 2'));
    expect(await failures(home)).toEqual(['manifest']);
    await expectReadable(home);
    writeFileSync(home.path('task.json'), manifest.replace('"id": "task-', '"id": "task-9'));
    expect(await failures(home)).toEqual(['manifest']);
    rmSync(home.path('task.json'));
    expect(await failures(home)).toEqual(['manifest']);
  });

  test('a manifest and events that tell of different ends are told', async () => {
    using home = recorded({ manifest: { status: 'failed', exit: { code: 1, signal: 0 } } });
    expect(await failures(home)).toEqual(['events']);
  });

  test('without a hash nothing is proven', async () => {
    using home = recorded({ manifest: { sha256: undefined } as object });
    expect(await failures(home)).toEqual(['sha256']);
  });

  test('what others may read, and links, are told and are no damage', async () => {
    using home = recorded();
    chmodSync(home.path('events.jsonl'), 0o644);
    symlinkSync('/dev/null', home.path('task.log'));
    expect(await verified(home)).toEqual({
      code: 0,
      lines: ['note files: events.jsonl is open to others or executable (0644); task.log is a symbolic link'],
    });
  });

  test('a backend.jsonl is there to be read', async () => {
    using home = recorded();
    writeFileSync(home.path('backend.jsonl'), 'not even JSON', { mode: 0o600 });
    expect(await failures(home)).toEqual([]);
    rmSync(home.path('backend.jsonl'));
    mkdirSync(home.path('backend.jsonl'));
    expect(await failures(home)).toEqual(['stream']);
  });

  test('of a task that runs what is there is checked, and that it runs is said', async () => {
    using home = recorded({ manifest: { ...running, ...UNENDED } });
    appendFileSync(home.path('events.jsonl'), '{"v":1,"ts"');
    appendFileSync(home.path('backend.log'), 'more');
    const { code, lines } = await verified(home);
    expect([code, lines]).toEqual([
      0,
      ['note manifest: the task still runs: no end yet', 'note sha256: not checked: the task still runs'],
    ]);
    truncateSync(home.path('backend.log'), 100);
    expect(await failures(home)).toEqual(['index']);
  });

  test('a lost task has neither hash nor end', async () => {
    using home = recorded({ manifest: { ...lost, ...UNENDED } });
    expect(await verified(home)).toEqual({
      code: 0,
      lines: [
        'note manifest: the recorder is gone (lost): there is no end',
        'note sha256: not checked: the task is lost',
      ],
    });
  });

  test('what a manifest says can do nothing to the terminal', async () => {
    const gap = { offset: 0, bytes: 1, reason: '\x1b]0;title\x07\n' };
    using home = recorded({ manifest: { gaps: [gap] }, events: [{ type: 'gap', ...gap }] });
    for (const flags of [[], ['--json']]) {
      const { stdout } = await runCli(['verify', ...flags], home);
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      expect(stdout).toContain('title');
    }
  });
});

describe('the flags of orch verify', () => {
  test('-A takes all tasks, oldest first; without it the newest one is meant', async () => {
    using home = recorded({ id: 'task-1000-1' });
    writeWholeTask(home.agent, { id: 'task-2000-1' });
    writeFileSync(home.path('backend.log'), 'x');
    expect((await runCli(['verify', '-q'], home)).code).toBe(0);
    const { code, stdout } = await runCli(['verify', '-A'], home);
    expect([code, stdout.match(/^task.*/gm)]).toEqual([4, ['task-1000-1 done', 'task-2000-1 done']]);
    expect((await runCli(['verify', '2000', '1000'], home)).stdout).toMatch(/^task-2000-1 done\n(.*\n)*task-1000-1/);
  });

  test('--json is for programs, -q for the exit code alone', async () => {
    using home = recorded();
    writeFileSync(home.path('backend.log'), LINES.replace('line', 'LINE'));
    const { code, stdout } = await runCli(['verify', '--json'], home);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      4,
      [{ id: 'task-1767323045-1', status: 'done', ok: false, findings: [{ check: 'manifest', result: 'ok' }] }].map(
        ({ findings, ...rest }) => ({
          ...rest,
          findings: expect.arrayContaining(
            findings.map((finding) => expect.objectContaining(finding) as unknown),
          ) as unknown,
        }),
      ),
    ]);
    expect(await runCli(['verify', '-q'], home)).toMatchObject({ code: 4, stdout: '', stderr: '' });
    expect(await runCli(['verify', '-q', '--json'], home)).toMatchObject({ code: 4, stdout: '', stderr: '' });
  });

  test('no such task is 3, a task beside -A is 2', async () => {
    using home = recorded();
    expect(await runCli(['verify', 'absent'], home)).toMatchObject({ code: 3, stdout: '' });
    expect(await runCli(['verify', '-A', 'latest'], home)).toMatchObject({ code: 2, stdout: '' });
  });

  test('Ctrl-C ends it with 130', async () => {
    using home = recorded();
    const { code, stdout } = await runCli(['verify'], {
      ...home,
      onWrite: (signals) => {
        signals.send('SIGINT');
      },
    });
    expect([code, stdout]).toEqual([130, expect.not.stringContaining('sha256')]);
  });

  test('colours are for terminals', async () => {
    using home = recorded();
    expect((await runCli(['verify'], { ...home, columns: 80 })).stdout).toContain('\x1b[32mok\x1b[0m   manifest: ');
    expect((await runCli(['verify', '--color', 'never'], { ...home, columns: 80 })).stdout).not.toContain('\x1b');
  });
});

describe('orch verify --repair', () => {
  const BEFORE = ['backend.log', 'events.jsonl'];

  test('leaves a whole recording as it is', async () => {
    using home = recorded();
    const files = ['task.json', 'backend.idx', ...BEFORE];
    const before = files.map((name) => readFileSync(home.path(name)));
    expect(await verified(home, '--repair')).toEqual({ code: 0, lines: [] });
    expect(files.map((name) => readFileSync(home.path(name)))).toEqual(before);
  });

  test.each(['missing', 'empty', 'without its first line', 'garbage', 'with a garbled line', 'without its resize'])(
    'makes an index anew that is %s',
    async (how) => {
      using home = recorded();
      const path = home.path('backend.idx');
      const text = readFileSync(path, 'utf8');
      const [header = '', ...lines] = text.split('\n');
      const before = BEFORE.map((name) => readFileSync(home.path(name)));
      if (how === 'missing') rmSync(path);
      if (how === 'empty') writeFileSync(path, '');
      if (how === 'without its first line') writeFileSync(path, lines.join('\n'));
      if (how === 'garbage') writeFileSync(path, Buffer.alloc(100_000, 0xc3));
      if (how === 'with a garbled line') writeFileSync(path, [header, '[1,"o",99999999999]', ...lines].join('\n'));
      if (how === 'without its resize') writeFileSync(path, text.replace(/.*"r".*\n/, ''));
      expect((await failures(home)).length).toBeGreaterThan(0);
      const { code, lines: said } = await verified(home, '--repair');
      expect([code, said]).toEqual([0, [expect.stringMatching(/^mend index: rebuilt, because: /)]]);
      expect(BEFORE.map((name) => readFileSync(home.path(name)))).toEqual(before);
      // Old times are what they were, wherever they could be right.
      if (how.startsWith('with a') || how === 'without its first line') expect(readFileSync(path, 'utf8')).toBe(text);
      expect(readTimeIndex(home.path('')).timeAt(41)).toBe(how.startsWith('with') ? 700 : 3000);
      expect(readTimeIndex(home.path('')).resizes).toMatchObject([{ offset: 40, size: { cols: 100, rows: 30 } }]);
    },
  );

  test('gives a lost task its end, and says so in task.log', async () => {
    using home = recorded({ manifest: { ...lost, ...UNENDED } });
    // Its recorder was killed before the index was written to the end, and while it wrote a note.
    writeFileSync(home.path('backend.idx'), readFileSync(home.path('backend.idx'), 'utf8').replace(/.*\n$/, ''));
    appendFileSync(home.path('events.jsonl'), '{"v":1,');
    const modified = new Date('2026-01-02T03:05:00.000Z');
    utimesSync(home.path('backend.log'), modified, modified);
    const before = BEFORE.map((name) => readFileSync(home.path(name)));
    const { code, lines } = await verified(home, '--repair');
    expect([code, lines]).toEqual([
      0,
      [
        `mend manifest: the task failed at 2026-01-02T03:05:00.000Z, with ${LINES.length} bytes`,
        expect.stringMatching(/^mend index: /),
      ],
    ]);
    expect(BEFORE.map((name) => readFileSync(home.path(name)))).toEqual(before);
    expect(readFileSync(home.path('task.log'), 'utf8')).toMatch(/WARN {2}orch verify --repair gave this lost task/);
    expect(await verified(home)).toEqual({ code: 0, lines: [] });
    expect((await runCli(['ls', '--json'], home)).stdout).toContain('"status": "failed"');
    writeFileSync(home.path('backend.log'), 'x');
    expect(await failures(home)).toContain('sha256');
  });

  test('never touches a task that runs, nor one without a manifest', async () => {
    using home = recorded({ manifest: { ...running, ...UNENDED } });
    rmSync(home.path('backend.idx'));
    expect((await verified(home, '--repair')).lines.filter((line) => line.startsWith('mend'))).toEqual([]);
    rmSync(home.path('task.json'));
    expect((await verified(home, '--repair')).lines.filter((line) => line.startsWith('mend'))).toEqual([]);
  });
});

describe('a recording that is damaged', () => {
  test('an index torn at every byte is told, readers go on, and it is mended', async () => {
    using home = recorded();
    const path = home.path('backend.idx');
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await failures(home)).toContain('index');
      await expectReadable(home);
      expect((await verified(home, '--repair')).code).toBe(0);
    }
  });

  test('an index with garbage anywhere stops nobody, and is mended', async () => {
    using home = recorded();
    const path = home.path('backend.idx');
    const whole = readFileSync(path);
    const garbage = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('\n', '[]', '[1e9,"o",5]', '\n[0,"o",1e300]\n', '\n[3,"r",5,0,-1]\n', '{"v":2}\n')
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.nat(40), garbage, async (at, replaced, bytes) => {
        writeFileSync(path, Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + replaced)]));
        await expectReadable(home);
        await runCli(['verify', '--repair', '-q'], home);
        expect(await failures(home)).toEqual([]);
        writeFileSync(path, whole);
      }),
      { numRuns: runs(100) },
    );
  });

  test('an index that is no file stops nobody', async () => {
    using home = recorded();
    rmSync(home.path('backend.idx'));
    mkdirSync(home.path('backend.idx'));
    expect(await failures(home)).toEqual(['index']);
    await expectReadable(home);
  });

  test('events torn at every byte are told, and readers go on', async () => {
    using home = recorded();
    const path = home.path('events.jsonl');
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await failures(home)).toContain('events');
      await expectReadable(home);
    }
  });

  test('a resize to no size, or one that no terminal has, is damage and no size', async () => {
    using home = recorded({ events: [{ type: 'resize', cols: 0, rows: 4_000_000_000, offset: 50 }] });
    expect(await failures(home)).toEqual(['events']);
    await expectReadable(home);
  });
});

function iterationEnd(iteration: number): TaskEvent {
  const ended = { verdict: 'done', reason: 'it said so', durationMs: 5, exitCode: 0, signal: 0 };
  return { type: 'iteration.end', iteration, offset: 50, ...ended };
}
