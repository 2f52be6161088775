import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allTasks, type RecordedTask, taskFolders } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { fakeAgents } from '../fixtures/fake-agents.js';
import { LiveProgram } from '../fixtures/live-program.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { ORCH, type PipedRun, runOrch } from '../fixtures/run-orch.js';
import { RunningTask } from '../fixtures/running-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Prints its arguments, each on a line, and the folder it works in. */
const ARGUMENTS = `for word in "$@"; do printf '<%s>\\n' "$word"; done; echo "in $(pwd)"`;

/** Tells its session by what `--settings` has for the start of one, as the real one does. */
const HOOKED_CLAUDE = `#!/usr/bin/env node
const { execFileSync } = require('node:child_process');
const args = process.argv.slice(2);
const { hooks } = JSON.parse(args[args.indexOf('--settings') + 1]);
const resumed = args.indexOf('--resume');
const session_id = resumed < 0 ? 'e229f7ad-ab08-46c6-8953-15f5773a8dcc' : args[resumed + 1];
const input = JSON.stringify({ session_id, cwd: '/', hook_event_name: 'SessionStart', note: '"session_id":"another"' });
for (const { command } of hooks.SessionStart.flatMap(({ hooks }) => hooks)) execFileSync('/bin/sh', ['-c', command], { input });
console.log(args.slice(args.indexOf('Edit,Write,Bash,Read,Glob,Grep') + 1).join(' '));
`;

const STREAMING_CLAUDE = `
echo '{"type":"system","subtype":"init","session_id":"5d1f-7","model":"m"}'
printf '{"type":"result","subtype":"success","is_error":false,"result":"%s"}\\n' "$(echo "$@" | sed 's/.*Grep//')"`;

const CODEX = `echo 'session id: 01a2-'$$; ${ARGUMENTS}`;

/** Keeps the ids it was given, and refuses one that it has already. */
const GEMINI = `case $1 in
--session-id=*) if [ -e "$SEEN/\${1#*=}" ]; then echo 'already exists'; exit 1; fi; : >"$SEEN/\${1#*=}" ;;
esac
${ARGUMENTS}`;

/** A folder with fake agents, and the tasks recorded in it. */
class World implements Disposable {
  readonly #folder = temporaryFolder();
  readonly #path: string;

  constructor(scripts: Readonly<Record<string, string>>) {
    this.#path = fakeAgents(this.#folder.path, scripts);
  }

  get path(): string {
    return this.#folder.path;
  }

  orch(args: readonly string[], cwd = this.path): Promise<PipedRun> {
    return runOrch(args, { cwd, env: this.env });
  }

  get env() {
    return { PATH: this.#path, SEEN: this.path };
  }

  /** The tasks, the newest last. */
  get tasks(): readonly RecordedTask[] {
    return allTasks(join(this.path, '.agent'));
  }

  /** What the newest task printed, its line ends plain. */
  get printed(): string {
    return this.tasks.at(-1)?.log.toString().replaceAll('\r\n', '\n') ?? '';
  }

  manifest(at: number): Readonly<Record<string, unknown>> {
    const path = join(this.tasks.at(at)?.folder ?? '', 'task.json');
    return JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, unknown>>;
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

describe('orch resume', () => {
  test('goes on with what codex calls its session, in the same folder, and show says from which task', async () => {
    using world = new World({ codex: CODEX });
    mkdirSync(join(world.path, '.agent'));
    const sub = join(world.path, 'sub folder');
    mkdirSync(sub);
    expect((await world.orch(['run', '-q', '-b', 'codex', 'do it'], sub)).code).toBe(0);
    const [, session = ''] = /^session id: (.*)$/m.exec(world.printed) ?? [];
    const { code, stderr } = await world.orch(['resume', 'latest', '--', '- [ ] more', 'of it']);
    expect(code).toBe(0);
    const [first = ''] = taskFolders(join(world.path, '.agent'));
    expect(world.printed.split('\n').slice(1)).toEqual([
      '<exec>',
      '<--skip-git-repo-check>',
      '<--sandbox>',
      '<workspace-write>',
      '<resume>',
      `<${session}>`,
      '<-->',
      '<- [ ] more of it>',
      `in ${sub}`,
      '',
    ]);
    expect(stderr).toMatch(/^orch: done /);
    expect(world.manifest(-1)).toMatchObject({ cwd: sub, session, resumes: first, backend: 'codex', mode: 'exec' });
    const shown = (await world.orch(['show'])).stdout.toString();
    expect(shown).toMatch(new RegExp(`^Session +${session}$`, 'm'));
    expect(shown).toMatch(new RegExp(`^Goes on +from ${first}$`, 'm'));
  });

  test.each(['print', 'stream', 'native'])('knows the session of claude in mode %s', async (mode) => {
    using world = new World({ claude: mode === 'stream' ? STREAMING_CLAUDE : HOOKED_CLAUDE });
    const session = mode === 'stream' ? '5d1f-7' : 'e229f7ad-ab08-46c6-8953-15f5773a8dcc';
    await world.orch(['run', '-q', '--mode', mode, 'do it']);
    expect(world.manifest(-1)).toMatchObject({ session, mode });
    await world.orch(['resume', '-q', 'latest', 'more']);
    expect(world.manifest(-1)).toMatchObject({ session, mode });
    expect(world.printed).toContain(`--resume ${session} -- more`);
  });

  test('gives each run of gemini a session of its own, and goes on with the last', async () => {
    using world = new World({ gemini: GEMINI });
    const loop = ['--max-iterations', '3', '--until', 'NEVER'];
    expect((await world.orch(['run', '-q', '-b', 'gemini', ...loop, 'do it'])).code).toBe(5);
    const given = [...world.printed.matchAll(/<--session-id=(.*)>/g)].map(([, id]) => id);
    expect(new Set(given).size).toBe(3);
    expect(world.manifest(-1)).toMatchObject({ session: given.at(-1) });
    await world.orch(['resume', '-q', '--max-iterations', '1', 'latest', 'more']);
    expect(world.printed).toBe(
      `<--approval-mode>\n<yolo>\n<--resume=${given.at(-1)}>\n<--prompt=more>\nin ${world.path}\n`,
    );
  });

  test('goes on with the last run of an agent that was run several times', async () => {
    using world = new World({ codex: CODEX });
    await world.orch(['run', '-q', '-b', 'codex', '--max-iterations', '2', '--until', 'NEVER', 'do it']);
    const told = [...world.printed.matchAll(/^session id: (.*)$/gm)].map(([, id]) => id);
    expect(told).toHaveLength(2);
    await world.orch(['resume', '-q', 'latest', 'more']);
    expect(world.printed).toContain(`<${told.at(-1)}>`);
  });

  test('takes over the settings of the task, except those it is given itself and what was about one start', async () => {
    using world = new World({ codex: CODEX });
    const first = ['--until', 'DONE', '--redact-pattern', 'corp-[a-z]+', '--redact-pattern', 'key-[0-9]+'];
    const start = ['--name', 'it', '--notify', 'touch notified', '--size', '90x30', '-o', 'raw'];
    await world.orch(['run', '-b', 'codex', ...first, ...start, '--max-iterations', '1', 'do it']);
    expect(world.manifest(-1)['options']).toEqual([
      '--size=90x30',
      '--redact-pattern=corp-[a-z]+',
      '--redact-pattern=key-[0-9]+',
      '--until=DONE',
      '--max-iterations=1',
    ]);
    const notified = join(world.path, 'notified');
    await eventually(() => existsSync(notified), 'the end of the command that tells of the end');
    rmSync(notified);
    const { stdout } = await world.orch(['resume', '-q', 'it', '--size', '70x20', 'corp-secret']);
    expect([stdout.toString(), world.printed]).toEqual(['', expect.stringContaining('<***********>')]);
    expect(world.manifest(-1)).toMatchObject({ size: { cols: 70, rows: 20 }, verdict: { result: 'unfinished' } });
    expect(world.manifest(-1)).not.toHaveProperty('name');
    expect(existsSync(notified)).toBe(false);
  });

  test('goes on in the background with -d, and with what it went on with itself', async () => {
    using world = new World({ codex: CODEX });
    await world.orch(['run', '-q', '-b', 'codex', 'do it']);
    const { code, stdout } = await world.orch(['resume', '-d', 'latest', '--', '-x']);
    expect([code, stdout.toString()]).toEqual([0, expect.stringMatching(/^task-\S+\n$/)]);
    await world.orch(['wait', stdout.toString().trim()]);
    expect(world.printed).toContain('<-->\n<-x>\n');
    expect((await world.orch(['resume', '-q', 'latest', 'more'])).code).toBe(0);
    const [first, second, third] = [0, 1, 2].map((at) => world.manifest(at));
    expect([second?.['resumes'], third?.['resumes']]).toEqual([first?.['id'], second?.['id']]);
    expect(third?.['session']).toBe(second?.['session']);
  });

  test('goes on with a task that was lost', async () => {
    using world = new World({ codex: `${CODEX}; case $* in *wait*) exec sleep 60 ;; esac` });
    await using run = new LiveProgram(
      'env',
      [`PATH=${world.env.PATH}`, process.execPath, ORCH, 'run', '-o', 'raw', '-b', 'codex', 'wait'],
      world.path,
    );
    run.read();
    await run.waitFor('in /');
    process.kill(run.pid, 'SIGKILL');
    await run.end();
    await eventually(() => world.tasks.length === 1, 'a task');
    await world.orch(['stop', 'latest']);
    expect((await world.orch(['resume', '-q', 'latest', 'more'])).code).toBe(0);
    expect(world.printed).toMatch(/<resume>\n<01a2-\d+>\n/);
  });

  test('goes on with a backend of orch.yml, by a line that it prints or what it writes to its status file', async () => {
    using world = new World({ mine: `echo 'my session is s/1'; ${ARGUMENTS}` });
    const told = `echo '{"session":"t-2"}' >>"$ORCH_TASK_DIR/status.jsonl"; ${ARGUMENTS}`;
    writeFileSync(join(world.path, 'tells'), `#!/bin/sh\n${told}\n`, { mode: 0o755 });
    writeFileSync(
      join(world.path, 'orch.yml'),
      `backends:
  mine: {command: [mine, "{prompt}"], session: ['^my session is '], resume: [mine, -r, "{session}", "{prompt}"]}
  tells: {command: [./tells, "{prompt}"], prompt: optional, resume: [./tells, "on={session}", "{prompt}"]}
`,
    );
    await world.orch(['run', '-q', '-b', 'mine', 'do it']);
    expect((await world.orch(['resume', '-q', 'latest'])).stderr).toMatch(/^orch: mine needs a prompt to go on/);
    expect((await world.orch(['resume', '-q', 'latest', '{session}'])).code).toBe(0);
    expect(world.printed).toContain('<-r>\n<s/1>\n<{session}>\n');
    await world.orch(['run', '-q', '-b', 'tells', 'do it']);
    expect((await world.orch(['resume', '-q', 'latest'])).code).toBe(0);
    expect(world.printed).toContain('<on=t-2>\nin ');
  });

  test('goes on with opencode’s interface, whose session stands in its last words', async () => {
    using world = new World({
      opencode: `cat >/dev/null; echo 'x  Continue opencode --mini -s ses_1aB'; ${ARGUMENTS}`,
    });
    await world.orch(['run', '-q', '-b', 'opencode', '--mode', 'tui', 'do it']);
    await world.orch(['resume', '-q', 'latest', 'more']);
    expect(world.printed).toContain('<--mini>\n<-s>\n<ses_1aB>\n');
  });
});

describe('what cannot be resumed says why, and nothing is recorded:', () => {
  const refused = async (world: World, ...args: readonly string[]): Promise<string> => {
    const before = taskFolders(join(world.path, '.agent'));
    const { code, stdout, stderr } = await world.orch(['resume', ...args]);
    expect([code, stdout.toString(), taskFolders(join(world.path, '.agent'))]).toEqual([2, '', before]);
    return stderr;
  };
  const writeAgent = (world: World, manifest: Readonly<Record<string, unknown>>): void => {
    writeTask(join(world.path, '.agent'), { log: 'x\r\n', manifest: { cwd: world.path, ...manifest } });
  };

  test('a command, one that runs, and one that was imported', async () => {
    using world = new World({});
    await world.orch(['run', '-q', '--', 'true']);
    expect(await refused(world, 'latest')).toMatch(
      /^orch: task-\S+ cannot be resumed: it ran a command, which has no session — start it again: orch run -- true\n$/,
    );
    writeAgent(world, { backend: 'import' });
    expect(await refused(world, 'task-1767323045-1')).toMatch(/: it was imported from another recorder — /);
    new RunningTask(join(world.path, '.agent'), { id: 'task-1767323045-2' });
    expect(await refused(world, 'task-1767323045-2')).toMatch(/: it still runs — orch attach task-1767323045-2, or /);
  });

  test('an agent that told no session, or one that would be taken for an option', async () => {
    using world = new World({ codex: 'echo hello', claude: 'echo "$@"' });
    await world.orch(['run', '-q', '-b', 'codex', 'do it']);
    expect(await refused(world, 'latest', 'more')).toMatch(
      /^orch: task-\S+ cannot be resumed: the id of its session is not known: codex in mode exec did not tell it — /,
    );
    writeAgent(world, { backend: 'claude', mode: 'print', session: '--dangerously-skip-permissions' });
    expect(await refused(world, 'task-1767323045-1', 'more')).toMatch(/the id of its session is not known/);
  });

  test('another agent, a mode that needs a prompt, and a backend that cannot', async () => {
    using world = new World({ claude: 'echo "$@"', codex: 'true' });
    writeAgent(world, { backend: 'claude', mode: 'print', session: 's-1' });
    expect(await refused(world, 'latest')).toBe(
      'orch: claude needs a prompt to go on in mode print — orch resume TASK "what it should do now"\n',
    );
    const { code, stderr } = await world.orch(['run', '--resume', 'latest', '-b', 'codex', 'more']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^orch: task-\S+ was of claude, and codex does not know /),
    ]);
    writeAgent(world, { backend: 'demo', mode: 'play', session: 's-1' });
    expect(await refused(world, 'latest', 'more')).toMatch(
      /^orch: demo cannot go on in mode play — orch.yml can say how/,
    );
  });

  test('one whose folder is gone', async () => {
    using world = new World({});
    writeAgent(world, { backend: 'claude', mode: 'print', session: 's-1', cwd: join(world.path, 'gone') });
    const { code, stderr } = await world.orch(['resume', 'latest', 'more']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^orch: cannot work in .*gone: it was removed — /)]);
  });
});
