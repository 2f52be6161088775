import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { startOrch } from '../fixtures/live-program.js';
import { type PipedRun, recordScript, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

/** Runs a script as an agent; `$n` in it is the number of the iteration. */
function loop(folder: string, flags: readonly string[], script: string): Promise<PipedRun> {
  const counting = `n=$(($(cat ${folder}/n 2>/dev/null || echo 0) + 1)); echo $n > ${folder}/n; ${script}`;
  return runOrch(['run', '--dir', join(folder, 'a'), ...flags, '--', 'sh', '-c', counting]);
}

function events(folder: string, type: string): readonly Record<string, unknown>[] {
  const agent = join(folder, 'a');
  const lines = readFileSync(join(agent, taskFolders(agent)[0] ?? '', 'events.jsonl'), 'utf8')
    .split('\n')
    .slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((event) => event['type'] === type);
}

const verdictOf = (folder: string): unknown => onlyTask(join(folder, 'a')).manifest.verdict;

describe('orch run --until', () => {
  test('runs the agent again until it says so, all in one recording, and notes each iteration', async () => {
    using folder = temporaryFolder();
    const { code, stdout } = await loop(
      folder.path,
      ['--until', 'ALL DONE'],
      'echo "round $n"; [ $n = 3 ] && echo ALL DONE; true',
    );
    expect([code, stdout.toString()]).toEqual([0, 'round 1\nround 2\nround 3\nALL DONE\n']);
    expect(verdictOf(folder.path)).toEqual({ result: 'done', reason: 'it said ALL DONE', iterations: 3, offset: 37 });
    expect(events(folder.path, 'iteration.start').map(({ iteration, offset }) => [iteration, offset])).toEqual([
      [1, 0],
      [2, 9],
      [3, 18],
    ]);
    expect(events(folder.path, 'iteration.end').map(({ verdict, offset }) => [verdict, offset])).toEqual([
      ['unfinished', 9],
      ['unfinished', 18],
      ['done', 37],
    ]);
    const logs = await runOrch(['logs', '--dir', join(folder.path, 'a'), '--backend', '-o', 'json']);
    expect(logs.stdout.toString().match(/"iteration":\d/g)).toEqual([
      '"iteration":1',
      '"iteration":2',
      '"iteration":3',
      '"iteration":3',
    ]);
  });

  test('an agent that has ended is not timed while the next run is waited for', async () => {
    using folder = temporaryFolder();
    const times = ['--delay', '1', '--idle-timeout', '0.2', '--iteration-timeout', '0.3', '--kill-after', '0.1'];
    const { code, stderr } = await loop(
      folder.path,
      ['--until', 'DONE', '--max-iterations', '2', ...times],
      'echo "$n"',
    );
    expect([code, events(folder.path, 'signal')]).toEqual([5, []]);
    expect(stderr).not.toMatch(/too long|killed/);
  });

  test.each([
    ['coloured', String.raw`printf '\033[32;1mALL_DONE\033[0m\n'`],
    ['wrapped', String.raw`stty cols 5; printf 'ALL_DONE\n'`],
    ['drawn piecemeal, out of order', String.raw`printf '\033[5;5HDONE\033[5;1HALL_\n'`],
    ['over something else', String.raw`printf 'working...\r\033[KALL_DONE\n'`],
    ['on the alternate screen', String.raw`printf '\033[?1049h\033[3;1HALL_DONE\033[?1049l'`],
    ['without a line end', 'printf ALL_DONE'],
    ['between blanks', String.raw`printf '   ALL_DONE   \n'`],
  ])('understands the word %s', async (_, script) => {
    using folder = temporaryFolder();
    const { code } = await loop(folder.path, ['-q', '--until', 'ALL_DONE', '--max-iterations', '1'], script);
    expect(code).toBe(0);
  });

  test.each([
    ['in the middle of a line', 'echo not ALL_DONE yet'],
    ['while it was drawn, and gone again', String.raw`printf 'ALL_DONE\r\033[Kstill working\n'`],
    [
      'in the prompt that it repeats',
      String.raw`printf '> Do all of this.\n  When it is done, print\n  ALL_DONE\n  and stop.\nworking\n'`,
    ],
  ])('does not take the word %s for it', async (_, script) => {
    using folder = temporaryFolder();
    const prompt = join(folder.path, 'prompt.md');
    writeFileSync(prompt, 'Do all of this.\nWhen it is done, print\nALL_DONE\nand stop.\n');
    const agent = join(folder.path, 'claude');
    writeFileSync(agent, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const env = { PATH: `${folder.path}:${process.env['PATH'] ?? ''}` };
    const flags = [
      '-q',
      '--mode',
      'print',
      '--dir',
      join(folder.path, 'a'),
      '--until',
      'ALL_DONE',
      '--max-iterations',
      '2',
    ];
    expect((await runOrch(['run', ...flags, '--prompt-file', prompt], { env })).code).toBe(5);
    const piped = await runOrch(['run', ...flags, '--prompt-file', '-'], { env, input: readFileSync(prompt) });
    expect(piped.code).toBe(5);
  });

  test('gives up after so many iterations, or so many failures in a row, and says which', async () => {
    using used = temporaryFolder();
    expect((await loop(used.path, ['-q', '--until', 'X', '--max-iterations', '4'], 'true')).code).toBe(5);
    expect(verdictOf(used.path)).toMatchObject({ result: 'unfinished', iterations: 4 });
    using failing = temporaryFolder();
    const flags = ['-q', '--until', 'X', '--stop-after-failures', '2'];
    expect((await loop(failing.path, flags, '[ $n = 2 ] || exit 9')).code).toBe(9);
    expect(verdictOf(failing.path)).toMatchObject({ result: 'failed', iterations: 4 });
  });

  test('an agent that takes too long, or says nothing, is ended, and the code is 124', async () => {
    using slow = temporaryFolder();
    const busy = 'while :; do echo working; sleep 0.05; done';
    expect((await loop(slow.path, ['-q', '--iteration-timeout', '0.5s'], busy)).code).toBe(124);
    using silent = temporaryFolder();
    expect((await loop(silent.path, ['-q', '--idle-timeout', '0.3s'], 'echo one; sleep 60')).code).toBe(124);
    expect(verdictOf(silent.path)).toEqual({
      result: 'timeout',
      reason: 'it printed nothing for too long',
      iterations: 1,
    });
    using deaf = temporaryFolder();
    const stubborn = "trap '' TERM; while :; do sleep 0.1; done";
    expect((await loop(deaf.path, ['-q', '--idle-timeout', '0.3s', '--kill-after', '0.2s'], stubborn)).code).toBe(124);
  });

  test('every iteration is told that nobody types', async () => {
    using folder = temporaryFolder();
    const { code, stdout } = await loop(folder.path, ['--until', 'END 2'], 'cat; echo "END $n"');
    expect([code, stdout.toString()]).toEqual([0, 'END 1\nEND 2\n']);
  });

  test('a signal, or Ctrl-C typed to the agent, ends the loop with the iteration', async () => {
    using folder = temporaryFolder();
    const waiting = 'echo begun; sleep 60';
    await using orch = startOrch(recordScript(folder.path, waiting, '--until', 'X'));
    orch.read();
    await orch.waitFor('begun');
    process.kill(orch.pid, 'SIGTERM');
    expect(await orch.end()).toBe(143);
    expect(onlyTask(folder.path).manifest.verdict).toEqual({
      result: 'failed',
      reason: 'interrupted by SIGTERM',
      iterations: 1,
    });
    using typed = temporaryFolder();
    // Not by a shell: dash may lose a Ctrl-C that comes between two commands (findings/dash-loses-an-interrupt.sh).
    const program = [process.execPath, '-e', "console.log('begun'); setTimeout(() => undefined, 60_000)"];
    await using terminal = openOrch(['run', '--dir', typed.path, '--until', 'X', '--', ...program]);
    await terminal.waitFor('begun');
    await terminal.type('\x03');
    expect(await terminal.end()).toEqual({ code: 130 });
    expect(onlyTask(typed.path).manifest.verdict).toMatchObject({ result: 'failed', iterations: 1 });
  });
});
