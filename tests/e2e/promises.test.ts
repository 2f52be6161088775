/** What the README promises, once each and briefly; what goes wrong around it has files of its own, most of them `.slow`. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allTasks, onlyTask, statusOfOnlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { DESCRIPTORS_ARE_LISTED, listedDescriptors, listInto } from '../fixtures/descriptors.js';
import { eventually } from '../fixtures/eventually.js';
import { startOrch } from '../fixtures/live-program.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { type PipedOptions, runOrch } from '../fixtures/run-orch.js';
import { RunningTask } from '../fixtures/running-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

/** Runs a command line in a folder of its own; what it printed, as text. */
async function orch(cwd: string, args: readonly string[], options: PipedOptions = {}) {
  const { code, stdout, stderr } = await runOrch(args, { cwd, ...options });
  return { code, stdout: stdout.toString(), stderr };
}
const agentIn = (folder: string): string => join(folder, '.agent');

describe('running', () => {
  test('again and again until it is done: one recording, with a verdict', async () => {
    using folder = temporaryFolder();
    const script = 'echo x >> rounds; echo "round $(wc -l < rounds)"; [ $(wc -l < rounds) = 3 ] && echo ALL DONE; true';
    const run = await orch(folder.path, ['run', '--until', 'ALL DONE', '--', 'sh', '-c', script]);
    expect([run.code, run.stdout]).toEqual([0, 'round 1\nround 2\nround 3\nALL DONE\n']);
    expect(onlyTask(agentIn(folder.path)).manifest.verdict).toMatchObject({ result: 'done', iterations: 3 });
  });

  test('many at once, of a list, each with a recording of its own', async () => {
    using folder = temporaryFolder();
    const todo = ['one', 'two', 'three'].map((name) => `- { name: ${name}, command: [echo, said ${name}] }\n`);
    writeFileSync(join(folder.path, 'todo.yml'), todo.join(''));
    const run = await orch(folder.path, ['run', '--prompts', 'todo.yml', '--parallel', '2']);
    expect(run.code).toBe(0);
    for (const name of ['one', 'two', 'three']) expect(run.stdout).toContain(`said ${name}`);
    expect(allTasks(agentIn(folder.path)).map(({ manifest }) => manifest.status)).toEqual(['done', 'done', 'done']);
  });

  test('with --redact, a secret is nowhere; without, it is said that there is one', async () => {
    using folder = temporaryFolder();
    const env = { MY_API_KEY: 'hunter2-and-a-half' };
    const masked = await orch(folder.path, ['run', '--redact', '--dir', 'a', '--', 'sh', '-c', 'echo $MY_API_KEY'], {
      env,
    });
    expect([masked.code, masked.stdout]).toEqual([0, '******************\n']);
    expect(onlyTask(join(folder.path, 'a')).log.toString()).toBe('******************\r\n');
    const exact = await orch(folder.path, ['run', '--dir', 'b', '--', 'sh', '-c', 'echo $MY_API_KEY'], { env });
    expect(exact.stderr).toContain('MY_API_KEY');
    expect(exact.stderr).not.toContain('hunter2');
  });

  test('as orch.yml says: defaults, an agent of your own, and what goes when a run starts', async () => {
    using folder = temporaryFolder();
    const config = [
      'defaults: { backend: mine, killAfter: 5s }',
      'backends: { mine: { command: [echo, "{prompt}"], done: ["^well"] } }',
      'retention: { maxTasks: 1 }',
    ];
    writeFileSync(join(folder.path, 'orch.yml'), `${config.join('\n')}\n`);
    for (const at of [1, 2]) writeTask(agentIn(folder.path), { id: `task-1767323045-${at}`, log: 'old\r\n' });
    expect(await orch(folder.path, ['run', '--name', 'named', 'well done'])).toMatchObject({
      code: 0,
      stdout: 'well done\n',
    });
    expect((await orch(folder.path, ['show', 'named'])).stdout).toContain('mine');
    expect(taskFolders(agentIn(folder.path))).toEqual(['task-1767323045-2', expect.stringMatching(/^task-\d+-1$/)]);
  });

  test('in a terminal: keys go through, and the terminal is put back', async () => {
    using folder = temporaryFolder();
    const script = String.raw`printf '\033[?1049h\033[?2004hready'; read -r line; echo "got $line"; exit 3`;
    await using terminal = openOrch(['run', '--', 'sh', '-c', script], { cwd: folder.path });
    await terminal.waitFor('ready');
    await terminal.type('hello\r');
    expect(await terminal.end()).toEqual({ code: 3 });
    expect(onlyTask(agentIn(folder.path)).log.toString()).toContain('got hello');
    const text = terminal.bytes.toString();
    for (const undone of ['\x1b[?1049l', '\x1b[?2004l'])
      expect(text.lastIndexOf(undone)).toBeGreaterThan(text.indexOf('got'));
  });

  test('in a window that is closed: the agent goes on, and another terminal comes back to it', async () => {
    using folder = temporaryFolder();
    const script = 'trap "echo hung up" HUP; echo begun; read -r line; echo "<$line>"; exit 7';
    await using window = openOrch(['run', '--', 'sh', '-c', script], { cwd: folder.path });
    await window.waitFor('begun');
    window.close();
    await window.end();
    await using again = openOrch(['attach'], { cwd: folder.path });
    await again.waitFor('begun');
    await again.type('typed\r');
    expect(await again.end()).toEqual({ code: 7 });
    expect(onlyTask(agentIn(folder.path)).log.toString()).toBe('begun\r\ntyped\r\n<typed>\r\n');
  });

  test('with nobody before it: what an agent asks its terminal is answered, and its input ends', async () => {
    using folder = temporaryFolder();
    const asks = String.raw`stty -echo -icanon; printf '\033[5n'; head -c 4 | od -An -c`;
    const asked = await orch(folder.path, ['run', '-o', 'raw', '--', 'sh', '-c', asks]);
    expect([asked.code, asked.stdout]).toEqual([0, expect.stringMatching(/033 +\[ +0 +n/)]);
    const read = await orch(folder.path, ['run', '--', 'sh', '-c', 'cat; echo over']);
    expect([read.code, read.stdout]).toEqual([0, expect.stringMatching(/over\n$/)]);
  });

  test('nobody slows the agent: it ends though its output is not read, and then all of it is there to read', async () => {
    using folder = temporaryFolder();
    await using run = startOrch(['run', '-o', 'raw', '--', 'seq', '1', '100000'], folder.path);
    await eventually(
      () => existsSync(agentIn(folder.path)) && statusOfOnlyTask(agentIn(folder.path)) === 'done',
      'the end',
    );
    run.read();
    expect(await run.end()).toBe(0);
    expect(run.stdout).toBe(onlyTask(agentIn(folder.path)).log.toString());
  });

  test('--linger waits for what the agent leaves behind', async () => {
    using folder = temporaryFolder();
    const run = await orch(folder.path, [
      'run',
      '--linger',
      '30',
      '--',
      'sh',
      '-c',
      '(sleep 0.2; echo late) & echo early',
    ]);
    expect([run.code, run.stdout]).toEqual([0, 'early\nlate\n']);
  });

  test.skipIf(!DESCRIPTORS_ARE_LISTED)('an agent has its three streams and nothing else of orch', async () => {
    using folder = temporaryFolder();
    await orch(folder.path, ['run', '-q', '--', 'sh', '-c', listInto('held')]);
    expect([...listedDescriptors(readFileSync(join(folder.path, 'held'), 'utf8')).keys()]).toEqual([0, 1, 2]);
  });
});

describe('what was recorded', () => {
  test('is there when orch was killed: the task is lost, reads as ever, and can be given an end', async () => {
    using folder = temporaryFolder();
    await using run = startOrch(['run', '--', 'sh', '-c', 'echo printed; exec sleep 60'], folder.path);
    run.read();
    await run.waitFor('printed\n');
    process.kill(run.pid, 'SIGKILL');
    await run.end();
    expect((await orch(folder.path, ['ls'])).stdout).toMatch(/ lost /);
    expect((await orch(folder.path, ['logs', '--backend'])).stdout).toBe('printed\n');
    expect((await orch(folder.path, ['stop', 'latest'])).code).toBe(0);
    expect((await orch(folder.path, ['verify', '--repair', '-q'])).code).toBe(0);
    expect(onlyTask(agentIn(folder.path)).manifest).toMatchObject({ status: 'failed', bytes: 9 });
    expect((await orch(folder.path, ['rm', 'latest'])).code).toBe(0);
    expect((await orch(folder.path, ['ls', '--json'])).stdout).toBe('[]\n');
  });

  test('has a gap, and no success, where the log was taken away', async () => {
    using folder = temporaryFolder();
    const run = await orch(folder.path, ['run', '--', 'sh', '-c', 'echo gone; rm "$ORCH_TASK_DIR/backend.log"']);
    expect(run.code).toBe(4);
    expect(onlyTask(agentIn(folder.path)).manifest.gaps).toMatchObject([{ offset: 0, bytes: 6 }]);
  });

  test('stays bounded: old parts are packed, the oldest go, and views say so', async () => {
    using folder = temporaryFolder();
    const limits = ['--segment-size', '64KiB', '--max-log-size', '128KiB'];
    await orch(folder.path, ['run', '-q', ...limits, '--', 'seq', '1', '200000']);
    const raw = await runOrch(['logs', '-o', 'raw'], { cwd: folder.path });
    expect(raw.stdout.toString()).toMatch(/\r\n199999\r\n200000\r\n$/);
    const { stdout, stderr } = await orch(folder.path, ['logs']);
    expect(stdout + stderr).toMatch(/before this point were removed/);
    expect((await orch(folder.path, ['verify', '-q'])).code).toBe(0);
  });

  test('is proven whole, and damage is found', async () => {
    using folder = temporaryFolder();
    await orch(folder.path, ['run', '-q', '--', 'echo', 'hello']);
    expect(await orch(folder.path, ['verify'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ok +bytes: 7/m) as string,
    });
    writeFileSync(join(onlyTask(agentIn(folder.path)).folder, 'backend.log'), 'jello\r\n');
    expect(await orch(folder.path, ['verify'])).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/^FAIL sha256/m) as string,
    });
  });

  test('is removed only when asked, and not by --dry-run', async () => {
    using folder = temporaryFolder();
    for (const at of [1, 2, 3]) writeTask(agentIn(folder.path), { id: `task-1767323045-${at}`, log: 'old\r\n' });
    const dry = await orch(folder.path, ['prune', '--keep', '1', '--dry-run']);
    expect(taskFolders(agentIn(folder.path))).toHaveLength(3);
    expect((await orch(folder.path, ['prune', '--keep', '1'])).stdout).toBe(dry.stdout);
    expect(taskFolders(agentIn(folder.path))).toEqual(['task-1767323045-3']);
  });

  test('gets keyframes by orch index', async () => {
    using folder = temporaryFolder();
    await orch(folder.path, ['run', '-q', '--name', 'long', '--', 'seq', '1', '50000']);
    expect(await orch(folder.path, ['index', 'long'])).toMatchObject({ code: 0 });
    expect((await orch(folder.path, ['logs', 'long', '-n', '1', '--backend'])).stdout).toBe('50000\n');
  });
});

describe('looking at it', () => {
  const LOG = 'begin\r\n\x1b[31mred error\x1b[0m\r\nafter\r\nworking 10%\rworking 99%\r\nend\r\n';

  test('logs: clean text, the last lines, what matches and what stands around it, the screen, the exact bytes', async () => {
    using folder = temporaryFolder();
    writeTask(agentIn(folder.path), { log: LOG, manifest: { bytes: LOG.length } });
    const logs = async (...flags: readonly string[]) => (await orch(folder.path, ['logs', ...flags])).stdout;
    expect(await logs('--no-ansi')).toBe('begin\nred error\nafter\nworking 99%\nend\n');
    expect(await logs('-n', '2')).toBe('working 99%\nend\n');
    expect(await logs('-g', 'error', '-C', '1')).toBe('begin\nred error\nafter\n');
    expect(await logs('--screen', '--at', '@7')).toBe('begin\n');
    expect(await logs('-o', 'raw')).toBe(LOG);
  });

  test('logs -f -A: all that run and those to come, live', async () => {
    using folder = temporaryFolder();
    const first = new RunningTask(agentIn(folder.path), { id: 'task-1767323045-1', name: 'first' });
    await using logs = startOrch(['logs', '-f', '-A', '--exit-on-done'], folder.path);
    logs.read();
    first.print('hello\r\n');
    await logs.waitFor('│ hello\n');
    const second = new RunningTask(agentIn(folder.path), { id: 'task-1767323046-1', name: 'second' });
    second.print('later\r\n');
    await logs.waitFor('│ later\n');
    first.end();
    second.end();
    expect(await logs.end()).toBe(0);
  });

  test('replay: in a terminal with keys, and down a pipe', async () => {
    using folder = temporaryFolder();
    writeTask(agentIn(folder.path), { log: LOG, manifest: { bytes: LOG.length } });
    const piped = await orch(folder.path, ['replay', '--no-ansi', '--speed', '100']);
    expect([piped.code, piped.stdout]).toEqual([0, 'begin\nred error\nafter\nworking 99%\nend\n']);
    await using terminal = openOrch(['replay', '--speed', '100'], { cwd: folder.path });
    await terminal.waitFor('end');
    await terminal.type(' q');
    expect(await terminal.end()).toEqual({ code: 0 });
  });

  test('search: task, time, offset and line, in all tasks', async () => {
    using folder = temporaryFolder();
    for (const at of [1, 2]) writeTask(agentIn(folder.path), { id: `task-1767323045-${at}`, log: LOG });
    const { code, stdout } = await orch(folder.path, ['search', '-i', 'ERROR|nothing']);
    expect(code).toBe(0);
    expect(stdout.match(/^task-1767323045-[12] \S+ @7 red error$/gm)).toHaveLength(2);
  });

  test('render: clean text of any output', async () => {
    const { code, stdout } = await orch('/', ['render'], { input: LOG });
    expect([code, stdout]).toEqual([0, 'begin\nred error\nafter\nworking 99%\nend\n']);
  });

  test('nothing printed makes a terminal answer, changes its title or clipboard, or leaves it in another mode', async () => {
    using folder = temporaryFolder();
    const hostile = [
      '\x1b[c',
      '\x1b[6n',
      '\x1b]52;c;aGVsbG8=\x07',
      '\x1b]0;title\x07',
      '\x1b[?1003h',
      '\x1b[?1049h',
    ].join('text\r\n');
    writeTask(agentIn(folder.path), { log: `${hostile}\r\nend\r\n` });
    await using terminal = openOrch(['logs', '--pager', 'never'], { cwd: folder.path });
    expect(await terminal.end()).toEqual({ code: 0 });
    expect(terminal.bytes.toString().replaceAll(/\x1b\[[\d;]*m/g, '')).not.toContain('\x1b');
  });
});

describe('out of it, and into it', () => {
  test.each([
    ['nightly.cast', /^\{"version":2/],
    ['nightly.script', /^Script started/],
    ['nightly.txt', /^one\ntwo\n$/],
    ['nightly.ansi', /one/],
    ['nightly.jsonl', /^\{"v":1,/],
    ['nightly.html', /^<!doctype html>/i],
    ['nightly.svg', /^<svg|^<\?xml/],
    ['nightly.gif', /^GIF89a/],
    ['nightly.png', /^.PNG/s],
    ['nightly.tar', /^task-/],
  ])('export makes %s', async (name, begins) => {
    using folder = temporaryFolder();
    writeTask(agentIn(folder.path), { log: 'one\r\ntwo\r\n', manifest: { bytes: 10 } });
    expect((await orch(folder.path, ['export', '-o', name])).code).toBe(0);
    expect(readFileSync(join(folder.path, name), 'latin1')).toMatch(begins);
  });

  test('what was exported is imported elsewhere, byte for byte as a tar, and reads the same as an asciicast', async () => {
    using folder = temporaryFolder();
    await orch(folder.path, ['run', '-q', '--', 'sh', '-c', 'echo one; echo two']);
    const { folder: task, log } = onlyTask(agentIn(folder.path));
    for (const name of ['a.tar', 'a.cast']) await orch(folder.path, ['export', '-o', name]);
    rmSync(task, { recursive: true });
    expect((await orch(folder.path, ['import', 'a.tar'])).code).toBe(0);
    expect(onlyTask(agentIn(folder.path)).log.equals(log)).toBe(true);
    expect((await orch(folder.path, ['verify', '-q'])).code).toBe(0);
    expect((await orch(folder.path, ['import', 'a.cast', '--name', 'cast'])).code).toBe(0);
    expect((await orch(folder.path, ['logs', 'cast', '--backend'])).stdout).toBe('one\ntwo\n');
  });
});
