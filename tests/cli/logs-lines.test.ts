import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../fixtures/cli.js';
import { type TaskContent, writeTask } from '../fixtures/recorded-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const START = Date.parse('2026-01-02T03:04:05.678Z');
const at = (ms: number): string => new Date(START + ms).toISOString();

/** A line a second, with its time in the index and orch's notes around them. */
function writeTimedTask(
  agent: string,
  { lines, ...content }: TaskContent & { readonly lines: readonly string[] },
): string {
  const log = lines.map((line) => `${line}\r\n`).join('');
  const { path } = writeTask(agent, { log, ...content });
  let offset = 0;
  const index = lines.map((line, second) =>
    JSON.stringify([(second + 1) * 1000, 'o', (offset += Buffer.byteLength(line) + 2)]),
  );
  const header = JSON.stringify({ v: 1, start: at(0), size: { cols: 80, rows: 24 } });
  writeFileSync(join(path, 'backend.idx'), `${[header, ...index].join('\n')}\n`);
  writeFileSync(join(path, 'task.log'), `${at(5)} INFO  started it\n${at(lines.length * 1000 + 10)} WARN  it ended\n`);
  return path;
}

function numbered(count: number, name = 'line'): string[] {
  return Array.from({ length: count }, (_, line) => `${name} ${line + 1}`);
}

interface Agent extends Disposable {
  readonly path: string;
  logs(...argv: string[]): ReturnType<typeof runCli>;
}

function agentWith(...tasks: (TaskContent & { readonly lines: readonly string[] })[]): Agent {
  const folder = temporaryFolder();
  for (const task of tasks) writeTimedTask(folder.path, task);
  return {
    path: folder.path,
    logs: (...argv) => runCli(['logs', '--dir', folder.path, ...argv], { cwd: folder.path }),
    [Symbol.dispose]: () => {
      folder[Symbol.dispose]();
    },
  };
}

describe('one task', () => {
  test('is what the agent printed and what orch noted, in the order of time', async () => {
    using agent = agentWith({ lines: numbered(3) });
    expect((await agent.logs()).stdout).toBe('orch: started it\nline 1\nline 2\nline 3\norch: it ended\n');
    expect((await agent.logs('--backend')).stdout).toBe('line 1\nline 2\nline 3\n');
    expect((await agent.logs('-s', 'orch')).stdout).toBe('orch: started it\norch: it ended\n');
    expect((await agent.logs('-o', 'cat')).stdout).toBe('line 1\nline 2\nline 3\n');
    expect((await agent.logs('-t', 'latest', '-n', '1')).stdout).toBe('line 3\norch: it ended\n');
    expect((await agent.logs('-s', 'orch', '-n', '1')).stdout).toBe('orch: it ended\n');
    expect((await agent.logs('-n', '0')).stdout).toBe('');
    expect((await agent.logs('--backend', '--lines', '2')).stdout).toBe('line 2\nline 3\n');
  });

  test('tells when each line was captured, in the forms one asks for', async () => {
    using agent = agentWith({ lines: numbered(2) });
    const iso = `${at(5)} orch: started it\n${at(1000)} line 1\n${at(2000)} line 2\n${at(2010)} orch: it ended\n`;
    expect((await agent.logs('-T')).stdout).toBe(iso);
    expect((await agent.logs('--timestamps=iso')).stdout).toBe(iso);
    expect((await agent.logs('--backend', '--timestamps=rel')).stdout).toBe(
      '+0:00:01.000 line 1\n+0:00:02.000 line 2\n',
    );
    const local = new Date(START + 1000);
    const short = [local.getHours(), local.getMinutes(), local.getSeconds()].map((part) => `${part}`.padStart(2, '0'));
    expect((await agent.logs('--backend', '-n', 'all', '--timestamps=short')).stdout).toContain(
      `${short.join(':')}.678 line 1\n`,
    );
  });

  test('as JSON is an object a line', async () => {
    using agent = agentWith({ lines: ['one', 'two "quoted"'] });
    const objects = (await agent.logs('-o', 'json')).stdout
      .split('\n')
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line));
    const of = { task: 'task-1767323045-1', iteration: null, final: true };
    expect(objects).toEqual([
      { ts: at(5), source: 'orch', offset: 0, text: 'started it', ...of },
      { ts: at(1000), source: 'backend', offset: 0, text: 'one', ...of },
      { ts: at(2000), source: 'backend', offset: 5, text: 'two "quoted"', ...of },
      { ts: at(2010), source: 'orch', offset: 19, text: 'it ended', ...of },
    ]);
  });

  test('from a time on, up to a time, or both, notes included', async () => {
    using agent = agentWith({ lines: numbered(10) });
    expect((await agent.logs('--since', at(7500))).stdout).toBe('line 8\nline 9\nline 10\norch: it ended\n');
    expect((await agent.logs('--until', at(2500))).stdout).toBe('orch: started it\nline 1\nline 2\n');
    expect((await agent.logs('-S', at(4500), '-U', at(6500))).stdout).toBe('line 5\nline 6\n');
    // The clock of these tests stands an hour after the task began.
    expect((await agent.logs('--since', '3591s')).stdout).toBe('line 10\norch: it ended\n');
    expect((await agent.logs('--since', `${(START + 8500) / 1000}`)).stdout).toBe('line 9\nline 10\norch: it ended\n');
    expect((await agent.logs('--since', '1m')).stdout).toBe('');
  });

  test('only lines that match, with what stands around them; never those that do not; in any case', async () => {
    using agent = agentWith({ lines: ['alpha', 'beta', 'GAMMA', 'delta', 'epsilon', 'beta two'] });
    const backend = (...argv: string[]): Promise<string> =>
      agent.logs('--backend', ...argv).then(({ stdout }) => stdout);
    expect(await backend('-g', 'beta')).toBe('beta\nbeta two\n');
    expect(await backend('-g', '^gamma$', '-i', '-C', '1')).toBe('beta\nGAMMA\ndelta\n');
    expect(await backend('-g', 'alpha|epsilon', '--context', '1')).toBe('alpha\nbeta\n--\ndelta\nepsilon\nbeta two\n');
    expect(await backend('-x', 'a$')).toBe('GAMMA\nepsilon\nbeta two\n');
    expect(await backend('-H', 'et', '--color', 'always', '-n', '5')).toContain('b\x1b[7met\x1b[0ma\n');
    expect(await backend('-g', 'beta', '-o', 'json')).not.toContain('--');
  });
});

describe('several tasks', () => {
  const two = (): Agent =>
    agentWith(
      { id: 'task-1767323045-1', lines: ['a one', 'a two'], manifest: { name: 'first' } },
      { id: 'task-1767323045-2', lines: ['b one', 'b two'] },
    );

  test('come in the order of time, each line with the name of its task', async () => {
    using agent = two();
    expect((await agent.logs('first', '1767323045-2')).stdout).toBe(
      [
        'first             │ a one',
        'task-1767323045-2 │ b one',
        'first             │ a two',
        'task-1767323045-2 │ b two',
        '',
      ].join('\n'),
    );
  });

  test('or one behind the other, or without names, or as JSON', async () => {
    using agent = two();
    const both = ['-t', 'first', '-t', 'latest'];
    expect((await agent.logs(...both, '--order', 'grouped', '--prefix', 'never')).stdout).toBe(
      'a one\na two\nb one\nb two\n',
    );
    expect((await agent.logs(...both, '-o', 'cat')).stdout).toBe('a one\nb one\na two\nb two\n');
    const json = (await agent.logs(...both, '-o', 'json')).stdout;
    expect(json.match(/"task":"[^"]*"/g)).toEqual(
      ['045-1', '045-2', '045-1', '045-2'].map((id) => `"task":"task-1767323${id}"`),
    );
    expect((await agent.logs('first', '--prefix', 'always', '--backend', '-n', '1')).stdout).toBe('first │ a two\n');
  });

  test('in colour each has its own, the same every time', async () => {
    using agent = two();
    const colours = (await agent.logs('first', 'latest', '--color', 'always')).stdout.match(/^\x1b\[\d+m/gm) ?? [];
    expect(new Set(colours).size).toBe(2);
    expect((await agent.logs('latest', 'first', '--color', 'always')).stdout.match(/^\x1b\[\d+m/gm)?.sort()).toEqual(
      [...colours].sort(),
    );
  });

  test('more than are read at once are not put in order', async () => {
    using agent = two();
    expect(await agent.logs('first', 'latest', '--max-streams', '1')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^orch: 2 tasks are too many .* — --order grouped/) as string,
    });
  });

  test('are counted in a summary', async () => {
    using agent = two();
    expect((await agent.logs('first', 'latest', '--summary')).stderr.split('\n')).toEqual([
      'TASK                STATUS   LINES SHOWN   BYTES',
      'first               done     2             14 B',
      'task-1767323045-2   done     2             14 B',
      '',
    ]);
  });

  test('none of them runs: that is said', async () => {
    using agent = two();
    expect(await agent.logs('-A')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^orch: no task runs — /) as string,
    });
  });
});

describe('a cursor file', () => {
  test('makes each call go on where the last one ended', async () => {
    using agent = agentWith({ lines: numbered(3) });
    const cursor = join(agent.path, 'cursor');
    const next = (...argv: string[]): Promise<string> =>
      agent.logs('--cursor', cursor, ...argv).then(({ stdout }) => stdout);
    expect(await next()).toBe('orch: started it\nline 1\nline 2\nline 3\norch: it ended\n');
    expect(await next()).toBe('');
    writeTimedTask(agent.path, { lines: numbered(5) });
    expect(await next()).toBe('line 4\nline 5\norch: it ended\n');
    writeTimedTask(agent.path, { id: 'task-1767323046-1', lines: ['other'] });
    expect(await next('task-1767323045-1')).toBe('');
    expect(await next('latest', '--backend')).toBe('other\n');
    expect(Object.keys((JSON.parse(readFileSync(cursor, 'utf8')) as { tasks: object }).tasks)).toHaveLength(2);
  });

  test('that is something else is refused and left alone, and so is one that cannot be written', async () => {
    using agent = agentWith({ lines: numbered(3) });
    const path = join(agent.path, 'notes.txt');
    writeFileSync(path, 'my notes');
    expect(await agent.logs('--cursor', path)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/not written by this orch/) as string,
    });
    expect(readFileSync(path, 'utf8')).toBe('my notes');
    expect(await agent.logs('--cursor', join(agent.path, 'no', 'such'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/cannot be written/) as string,
    });
  });
});

describe('old, foreign and damaged folders', () => {
  test('each says in one line what is wrong with it, and the rest is shown', async () => {
    using agent = agentWith(
      { id: 'task-1767323045-1', lines: ['fine'] },
      { id: 'task-1767323045-2', lines: ['of a later orch'] },
      { id: 'task-1767323045-3', lines: ['torn index'] },
      { id: 'task-1767323045-4', lines: ['no log'] },
      { id: 'task-1767323045-5', lines: ['garbled index'] },
    );
    const path = (n: number, file: string): string => join(agent.path, `task-1767323045-${n}`, file);
    writeFileSync(path(2, 'task.json'), '{"v":99,"id":"x"}');
    writeFileSync(path(3, 'backend.idx'), '{"v":1,"sta');
    rmSync(path(4, 'backend.log'));
    writeFileSync(path(5, 'backend.idx'), `${readFileSync(path(5, 'backend.idx'), 'utf8')}garbage\n`);
    mkdirSync(path(6, ''), { recursive: true });
    const ids = [1, 2, 3, 4, 5, 6].map((n) => `task-1767323045-${n}`);
    const { code, stdout, stderr } = await agent.logs(...ids, '-T', '--order', 'grouped');
    expect(code).toBe(4);
    expect(stdout.split('\n').map((line) => line.replace(/^(\S+) │ \S+ */, '$1 '))).toEqual([
      'task-1767323045-1 fine',
      'task-1767323045-2 of a later orch',
      'task-1767323045-3 torn index',
      'task-1767323045-5 garbled index',
      '',
    ]);
    expect(stderr.split('\n').slice(0, -1)).toEqual([
      expect.stringMatching(/045-2\/task\.json .*version 99/),
      expect.stringMatching(/045-3: backend\.idx cannot be used/),
      expect.stringMatching(/045-4 holds no recording/),
      expect.stringMatching(/045-5: backend\.idx has damaged lines/),
      expect.stringMatching(/045-6\/task\.json .*there is none/),
      expect.stringMatching(/045-6 holds no recording/),
    ]);
  });
});

test.each([
  [['--tail', 'x'], 'orch: --tail x is not a number of lines — such as --tail 100\n'],
  [['-n', '5', '--since', '1m'], 'orch: --tail and --since exclude each other — leave one out\n'],
  [['-n', '5', '--lines', '6'], 'orch: --tail and --lines exclude each other — leave one out\n'],
  [['--since', 'noon'], 'orch: --since noon is not a time — such as 10m (ago), 2026-01-02T03:04:05Z, or 1767322995\n'],
  [['-A', 'latest'], 'orch: --all-tasks and a task exclude each other — leave one out\n'],
  [['-C', '2'], 'orch: --context goes with --grep — orch logs --help\n'],
  [
    ['-g', '['],
    "orch: --grep is not a regular expression: /[/: Unterminated character class — JavaScript's syntax, such as 'error|fail'\n",
  ],
  [['--exit-on-done'], 'orch: --exit-on-done goes with --follow and --all-tasks — orch logs --help\n'],
  [['--keep-following'], 'orch: --keep-following goes with --follow — orch logs --help\n'],
  [['--backend', '-s', 'orch'], 'orch: --backend and --source orch exclude each other — leave one out\n'],
  [['-o', 'raw', '-T'], 'orch: -o raw and --timestamps exclude each other — leave one out\n'],
  [['--screen', '-f'], 'orch: --screen and --follow exclude each other — leave one out\n'],
  [['--table', '-n', '5'], 'orch: --table and --tail exclude each other — leave one out\n'],
  [['--interval', '5'], 'orch: --interval goes with --table — orch logs --help\n'],
  [['--max-streams', '0'], 'orch: --max-streams 0 is not a number from 1 on — such as --max-streams 100\n'],
])('orch logs %j is one clear line', async (argv, line) => {
  using agent = agentWith({ lines: ['x'] });
  expect(await agent.logs(...argv)).toMatchObject({ code: 2, stdout: '', stderr: line });
});
