/**
 * What users and their programs rely on, as literals. One that fails here is a change to what was promised: it takes a line in
 * CHANGELOG.md and a page of docs that says so, and then the literal.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ExitCode } from '../../src/core/exit-status.js';
import { parseEvent } from '../../src/store/events/event-reader.js';
import type { Manifest } from '../../src/store/layout/manifest.js';
import { processStart } from '../../src/store/layout/process-identity.js';
import { taskFolders } from '../fixtures/agent-folder.js';
import { runCli } from '../fixtures/cli.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { fakeAgents } from '../fixtures/fake-agents.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { ORCH, recordScript, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

const ROOT = join(import.meta.dirname, '../..');

const EXIT_CODES = {
  ok: 0,
  io: 1,
  usage: 2,
  noSuchTask: 3,
  damaged: 4,
  iterationsUsedUp: 5,
  timeout: 124,
  notExecutable: 126,
  noSuchCommand: 127,
  interrupted: 130,
};

/** Lines of a shell, and the exit code of each. */
const ENDS: readonly (readonly [string, number])[] = [
  ['orch --version', EXIT_CODES.ok],
  ['orch --version > /dev/full', EXIT_CODES.io],
  ['orch nonsense', EXIT_CODES.usage],
  ['orch show no-such-task', EXIT_CODES.noSuchTask],
  ['orch run -- echo x; for log in .agent/*/backend.log; do echo y > "$log"; done; orch verify', EXIT_CODES.damaged],
  ['orch run --until NEVER --max-iterations 1 -- true', EXIT_CODES.iterationsUsedUp],
  ['orch run --iteration-timeout 0.1 -- sleep 60', EXIT_CODES.timeout],
  ['orch run -- ./folder', EXIT_CODES.notExecutable],
  ['orch run -- ./no-such-program', EXIT_CODES.noSuchCommand],
  ['orch run -- sh -c "kill -2 $$"', EXIT_CODES.interrupted],
  ['orch run -- sh -c "exit 7"', 7],
];

/** What each type of event has beside what all have. */
const EVENTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'task.start': { argv: ['true'], cols: 80, rows: 24 },
  'iteration.start': { iteration: 1, offset: 0 },
  'iteration.end': {
    iteration: 1,
    offset: 5,
    verdict: 'unfinished',
    reason: 'why',
    durationMs: 1,
    exitCode: 0,
    signal: 0,
  },
  'backend.start': { pid: 42, offset: 0 },
  resize: { cols: 90, rows: 30, offset: 5 },
  writer: { change: 'taken', client: 'me', offset: 5, cols: 90, rows: 30 },
  send: { client: 'me', offset: 5, answer: false },
  typed: { client: 'me', offset: 5, bytes: 3 },
  status: { status: 'working', source: 'osc', offset: 5 },
  gap: { offset: 5, bytes: 3, reason: 'why' },
  rotate: { offset: 5, reason: 'why' },
  segment: { offset: 0, bytes: 5, sha256: 'a'.repeat(64), chain: 'b'.repeat(64) },
  trim: { offset: 0, bytes: 5 },
  prune: { tasks: 1, bytes: 5 },
  signal: { signal: 'SIGTERM', from: 'orch' },
  'task.end': { bytes: 5, durationMs: 1, exitCode: 0, signal: 0 },
};
const OF_EVERY_EVENT = { v: 1, ts: '2026-01-02T03:04:05.678Z', task: 'task-1767323045-1' };
/** What some have besides. */
const PERHAPS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'iteration.end': { cost: 0.5, tokens: { input: 1, output: 2 } },
  resize: { cause: 'terminal', client: 'me' },
  writer: { from: 'you' },
  send: { bytes: 2, text: 'no', keys: ['enter'] },
};

/** What a small recording has, and what comes to it where its log has parts. */
const FILES = {
  small: ['backend.idx', 'backend.log', 'events.jsonl', 'task.json', 'task.log'],
  sealed: /^backend\.\d{16}\.log(?:\.gz)?$/,
};

const [text, number, boolean, nothing] = ['string', 'number', 'boolean', 'null'] as const;
const [PROCESS, SIZE, EXIT] = [
  { pid: number, pidStart: text },
  { cols: number, rows: number },
  { code: number, signal: number },
];

/** What every manifest says, what one says of an agent that has ended, and what it may say besides. */
const MANIFEST = {
  begun: {
    v: number,
    id: text,
    backend: text,
    argv: [text],
    cwd: text,
    size: SIZE,
    pid: number,
    pidStart: text,
    status: text,
    started: text,
    bytes: number,
    gaps: [],
    orch: text,
  },
  ended: {
    agent: PROCESS,
    activity: { status: text, source: text, since: text },
    ended: text,
    startedMonotonicMs: number,
    durationMs: number,
    exit: EXIT,
    sha256: text,
    chain: text,
  },
  perhaps: {
    name: text,
    shown: [text],
    verdict: { result: text, reason: text, iterations: number, offset: number },
    hashing: PROCESS,
    gaps: [{ offset: number, bytes: number, reason: text }],
  },
};

const TASK = { ...MANIFEST.begun, running: boolean, folder: text, missing: number, removed: number };
const ENDED_TASK = { ...TASK, ...MANIFEST.ended, ...MANIFEST.perhaps };
const BACKEND = { name: text, summary: text, modes: [{ name: text, summary: text }], file: nothing, found: boolean };

/** What programs are given, each key with the type of its value; of a list, what different ones there are. */
const JSON_SHAPES: Readonly<Record<string, unknown>> = {
  ls: [
    { id: text, status: text, folder: text, problem: text },
    { ...TASK, agent: PROCESS, livingPid: number, ended: text, exit: EXIT },
    ENDED_TASK,
  ],
  show: ENDED_TASK,
  verify: [{ id: text, folder: text, status: text, ok: boolean, findings: [{ check: text, result: text, text }] }],
  search: { task: text, ts: text, iteration: nothing, offset: number, endOffset: number, text },
  logs: [{ task: text, ts: text, source: text, iteration: nothing, offset: number, text, final: boolean }],
  export: [
    { v: number, task: text, started: text, size: SIZE, title: text, command: text },
    { ms: number, offset: number, text },
    { ms: number, offset: number, resize: SIZE },
    { ms: number, offset: number, missing: number },
    { ms: number, offset: number, exit: EXIT },
  ],
  backends: [
    { ...BACKEND, path: text, version: text, problem: nothing, fix: nothing },
    { ...BACKEND, path: nothing, version: nothing, problem: text, fix: text },
    { ...BACKEND, path: nothing, version: nothing, problem: nothing, fix: nothing },
    { ...BACKEND, path: nothing, version: nothing, problem: text, fix: text, file: text },
  ],
  render: { text, offset: number, endOffset: number, links: [{ start: number, end: number, uri: text }] },
  'render --screen': {
    ...SIZE,
    cursor: { row: number, col: number },
    lines: [text],
    links: [{ row: number, start: number, end: number, uri: text }],
  },
};

/** What can be imported of the package, and the values there are; types are not there when it runs. */
const EXPORTS = {
  '.': { types: './dist/index.d.ts', default: './dist/index.js' },
  './client': { types: './dist/host/index.d.ts', default: './dist/host/index.js' },
  './pty': { types: './dist/pty/index.d.ts', default: './dist/pty/index.js' },
  './render': { types: './dist/render/index.d.ts', default: './dist/render/index.js' },
  './package.json': './package.json',
};
const VALUES = {
  '.': ['Agent', 'ExecError', 'OrchError', 'cleanText', 'exec', 'screenText'],
  './client': ['OrchError', 'attachToTask', 'connectToTask'],
  './pty': ['Capture', 'ExecError', 'OrchError', 'exec', 'loadPty'],
  './render': [
    'LiveTranscript',
    'SafeView',
    'Screen',
    'Transcript',
    'cleanText',
    'frameToAnsi',
    'frameToHtml',
    'frameToJson',
    'frameToSvg',
    'frameToText',
    'openRecording',
    'readScriptTiming',
    'screenText',
  ],
} as const;

describe('exit codes', () => {
  test('are these', () => {
    expect(ExitCode).toEqual(EXIT_CODES);
  });

  test.each(ENDS)('%s', async (line, code) => {
    using folder = temporaryFolder();
    expect((await shell(folder.path, `mkdir folder; ${line}`)).code).toBe(code);
  });
});

describe('events.jsonl', () => {
  test.each(Object.entries(EVENTS))('%s has these fields, and is damaged without any of them', (type, fields) => {
    const event = { ...OF_EVERY_EVENT, type, ...fields };
    expect(parseEvent(JSON.stringify(event))).toEqual(event);
    for (const field of Object.keys(event)) {
      const without = Object.fromEntries(Object.entries(event).filter(([name]) => name !== field));
      expect([field, parseEvent(JSON.stringify(without))]).toEqual([field, 'damaged']);
    }
  });

  test.each(Object.entries(PERHAPS))('%s may have these besides', (type, fields) => {
    const event = { ...OF_EVERY_EVENT, type, ...EVENTS[type], ...fields };
    expect(parseEvent(JSON.stringify(event))).toEqual(event);
  });

  test('is written with these types and fields, and no others', async () => {
    using folder = temporaryFolder();
    const told = String.raw`echo "{\"status\":\"waiting\"}" >> "$ORCH_TASK_DIR/status.jsonl"`;
    writeFileSync(join(folder.path, 'orch.yml'), 'retention: { maxTasks: 1 }\n');
    const lines = [
      // A status counts when it has held for a second.
      `orch run -q --until NEVER --max-iterations 2 -- sh -c '${told}; ${untilNoted('events.jsonl', 'waiting')}'`,
      // Of those that have ended the newest stays.
      'orch run -q -- true',
      'orch run -q --segment-size 64KiB --max-log-size 128KiB -- seq 1 100000',
      `orch run -q -- sh -c 'echo gone; rm "$ORCH_TASK_DIR/backend.log"'`,
      'orch run -q --iteration-timeout 0.1 -- sleep 60',
    ];
    const events: Record<string, unknown>[] = [];
    for (const line of lines) {
      await shell(folder.path, line);
      events.push(...eventsIn(join(folder.path, '.agent')));
    }
    await using terminal = openOrch(
      recordScript(join(folder.path, 'b'), `echo up; ${untilNoted('events.jsonl', 'resize')}`),
    );
    await terminal.waitFor('up');
    terminal.resize(90, 30);
    await terminal.end();
    events.push(...eventsIn(join(folder.path, 'b')));
    const hosted = join(folder.path, 'c');
    const script = `echo up; ${untilNoted('events.jsonl', 'typed')}`;
    await shell(folder.path, `orch run -d --dir c -- sh -c '${script}'; orch send --dir c latest --no-enter x`);
    await using writer = openOrch(['attach', '--dir', hosted]);
    await writer.waitFor('up');
    await writer.type('y');
    await writer.end();
    events.push(...eventsIn(hosted));
    const written = new Map(
      events.map((event) => [
        String(event['type']),
        Object.keys(event)
          .filter((key) => !(key in (PERHAPS[String(event['type'])] ?? {})))
          .sort(),
      ]),
    );
    const expected = Object.entries(EVENTS).map(
      ([type, fields]) => [type, { ...OF_EVERY_EVENT, type, ...fields }] as const,
    );
    expect(Object.fromEntries(written)).toEqual(
      Object.fromEntries(expected.map(([type, event]) => [type, Object.keys(event).sort()])),
    );
  });
});

/** Everything that a manifest can say. */
const EVERYTHING: Partial<Manifest> = {
  name: 'n',
  shown: ['make'],
  agent: { pid: 4243, pidStart: 'boot:2' },
  activity: { status: 'done', source: 'exit', since: '2026-01-02T03:04:15.678Z' },
  startedMonotonicMs: 1,
  durationMs: 10_000,
  verdict: { result: 'done', reason: 'it said so', iterations: 1, offset: 5 },
  sha256: 'a'.repeat(64),
  chain: 'b'.repeat(64),
  hashing: { pid: 4244, pidStart: 'boot:3' },
  gaps: [{ offset: 5, bytes: 3, reason: 'why' }],
};

describe('what is printed as JSON', () => {
  test.each([
    ['ls', ['ls', '--json']],
    ['show', ['show', '1767323045-1', '--json']],
    ['verify', ['verify', '--json']],
    ['search', ['search', '--json', 'one']],
    ['logs', ['logs', '1767323045-1', '--source', 'all', '-o', 'json']],
    ['export', ['export', '1767323045-1', '-f', 'json']],
  ])('by %s has these keys', async (name, argv) => {
    using folder = temporaryFolder();
    const events = [
      { type: 'task.start', argv: ['x'], cols: 80, rows: 24 },
      { type: 'resize', cols: 90, rows: 30, offset: 2 },
      { type: 'task.end', bytes: 8, durationMs: 1, exitCode: 0, signal: 0 },
    ] as const;
    writeTask(folder.path, { log: 'one\r\n', events, manifest: { ...EVERYTHING, bytes: 8 } });
    const living = { pid: process.pid, pidStart: processStart(process.pid) ?? '' };
    writeTask(folder.path, { id: 'task-1767323046-1', manifest: { status: 'running', agent: living } });
    mkdirSync(join(folder.path, 'task-1767323047-1'));
    writeFileSync(join(folder.path, 'task-1767323047-1', 'task.json'), 'damaged');
    const { stdout } = await runCli([...argv, '--dir', folder.path], { cwd: folder.path });
    expect(shapesIn(stdout)).toEqual(JSON_SHAPES[name]);
  });

  test('by backends has these keys', async () => {
    using folder = temporaryFolder();
    const PATH = fakeAgents(folder.path, { claude: 'echo 1.2.3' });
    writeFileSync(join(folder.path, 'orch.yml'), 'backends:\n  mine: { command: [no-such-program, "{prompt}"] }\n');
    const { stdout } = await runCli(['backends', '--json'], { cwd: folder.path, env: { PATH } });
    expect(shapesIn(stdout)).toEqual(JSON_SHAPES['backends']);
  });

  test.each([
    ['render', ['-o', 'json']],
    ['render --screen', ['--screen', '-o', 'json']],
  ])('by %s has these keys', async (name, flags) => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'raw.log');
    writeFileSync(file, 'one \x1b[1;31mred\x1b[0m \x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\\r\n');
    const { stdout } = await runCli(['render', ...flags, file], { cwd: folder.path });
    expect(shapesIn(stdout)).toEqual(JSON_SHAPES[name]);
  });
});

describe('what is left on the disk', () => {
  test('by a small recording is these files, of these versions', async () => {
    using folder = temporaryFolder();
    // Of an agent that ended before it was looked at, its process is not known.
    await shell(folder.path, `orch run -q -- sh -c '${untilNoted('task.json', 'agent')}; echo one; echo two'`);
    const agent = join(folder.path, '.agent');
    const [task = ''] = taskFolders(agent);
    expect(task).toMatch(/^task-\d+-1$/);
    expect(readdirSync(agent).sort()).toEqual(['.gitignore', task]);
    expect(readFileSync(join(agent, '.gitignore'), 'utf8')).toBe('*\n');
    expect(readdirSync(join(agent, task)).sort()).toEqual(FILES.small);
    const read = (name: string): string => readFileSync(join(agent, task, name), 'utf8');
    const manifest = JSON.parse(read('task.json')) as Record<string, unknown>;
    expect(shapeOf(manifest)).toEqual({ ...MANIFEST.begun, mode: text, ...MANIFEST.ended });
    expect(manifest['v']).toBe(1);
    expect(eventsIn(agent).every(({ v }) => v === 1)).toBe(true);
    expect(read('backend.log')).toBe('one\r\ntwo\r\n');
    const [header = '', ...entries] = read('backend.idx').trimEnd().split('\n');
    expect(JSON.parse(header)).toEqual({ v: 1, start: manifest['started'], size: manifest['size'] });
    for (const entry of entries) expect(JSON.parse(entry)).toEqual([expect.any(Number), 'o', expect.any(Number)]);
    expect(read('task.log')).toMatch(/^\d{4}-\d\d-\d\dT\S+Z .+\n/);
  });

  test('by a log with parts is these as well', async () => {
    using folder = temporaryFolder();
    await shell(folder.path, 'orch run -q --segment-size 64KiB -- seq 1 30000');
    const agent = join(folder.path, '.agent');
    const others = readdirSync(join(agent, taskFolders(agent)[0] ?? '')).filter((name) => !FILES.small.includes(name));
    expect(others.length).toBeGreaterThan(0);
    for (const name of others) expect(name).toMatch(FILES.sealed);
  });
});

describe('the package', () => {
  test('has these ways in', () => {
    const { exports: ways } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: object };
    expect(ways).toEqual(EXPORTS);
  });

  test.each(['.', './client', './pty', './render'] as const)('has these values at %s', async (way) => {
    const module = (await import(pathToFileURL(join(ROOT, EXPORTS[way].default)).href)) as object;
    expect(Object.keys(module).sort()).toEqual(VALUES[way]);
  });
});

describe('the environment', () => {
  const env = { TERM: 'dumb', COLUMNS: '7', LINES: '7', MINE: 'x' };

  test("of an agent is that of orch, with its task's id and folder, and a terminal that is one", async () => {
    using folder = temporaryFolder();
    const args = ['run', '--dir', folder.path, '--size', '90x7', '--', 'env'];
    const { stdout } = await runOrch(args, { cwd: folder.path, env });
    const [task = ''] = taskFolders(folder.path);
    expect(variablesIn(stdout.toString())).toEqual({
      ...testEnvironment(),
      TERM: 'xterm-256color',
      LINES: '7',
      MINE: 'x',
      ORCH_TASK_ID: task,
      ORCH_TASK_DIR: join(folder.path, task),
    });
  });

  test("of --notify is that of orch, with its task's id, folder and status", async () => {
    using folder = temporaryFolder();
    const told = join(folder.path, 'told');
    const notify = `env > ${told}.part; mv ${told}.part ${told}`;
    await runOrch(['run', '--dir', join(folder.path, 'a'), '--notify', notify, '--', 'true'], {
      cwd: folder.path,
      env,
    });
    await eventually(() => existsSync(told), 'the notice');
    const [task = ''] = taskFolders(join(folder.path, 'a'));
    expect(variablesIn(readFileSync(told, 'utf8'))).toEqual({
      ...testEnvironment(),
      ...env,
      ORCH_TASK_ID: task,
      ORCH_TASK_DIR: join(folder.path, 'a', task),
      ORCH_STATUS: 'done',
      ORCH_STATUS_SOURCE: 'exit',
    });
  });
});

/** What `env` prints, but for what its shell says of itself. */
function variablesIn(printed: string): Record<string, string> {
  const lines = printed.trimEnd().split(/\r?\n/);
  const pairs = lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  return Object.fromEntries(pairs.filter(([name]) => !['_', 'PWD', 'OLDPWD', 'SHLVL'].includes(name)));
}

/** Runs a line of a shell script in a folder, with `orch` as a command. */
async function shell(cwd: string, line: string) {
  return runPiped('sh', ['-c', `orch() { ${process.execPath} ${ORCH} "$@"; }; ${line}`], { cwd });
}

/** Lines of a shell for an agent: wait until a file of its task has a word as JSON. */
function untilNoted(file: string, word: string): string {
  return `until grep -q "\\"${word}\\"" "$ORCH_TASK_DIR/${file}"; do sleep 0.02; done`;
}

/** What the newest task noted. */
function eventsIn(agentDir: string): readonly Record<string, unknown>[] {
  const lines = readFileSync(join(agentDir, taskFolders(agentDir).at(-1) ?? '', 'events.jsonl'), 'utf8');
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The shapes of what a command prints: one JSON text, or one a line. */
function shapesIn(stdout: string): unknown {
  try {
    return shapeOf(JSON.parse(stdout));
  } catch {
    return shapeOf(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    );
  }
}

/** The keys of a value, each with the type of what it has; of a list, what different ones there are. */
function shapeOf(value: unknown): unknown {
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const shapes = value.map((element) => JSON.stringify(shapeOf(element)));
    return [...new Set(shapes)].map((shape) => JSON.parse(shape) as unknown);
  }
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}
