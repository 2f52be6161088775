import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../src/cli/commands/run.js';
import { type ParsedLine } from '../../src/cli/options/command.js';
import type { CliContext } from '../../src/cli/options/context.js';
import { hostingOf } from '../../src/cli/hosting/hosting.js';
import { parseWithErrors } from '../../src/cli/options/parse-with-errors.js';
import { readFlags } from '../../src/cli/options/read-value.js';
import { planMany } from '../../src/cli/run/plan-many.js';
import { NO_CONFIG } from '../../src/config/config.js';
import { systemClock } from '../../src/core/clock.js';
import { runFlags } from '../../src/settings/run-flags.js';
import { runSettings } from '../../src/settings/run-settings.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

function lineOf(words: readonly string[]): ParsedLine {
  const line = parseWithErrors(runCommand, words);
  if ('help' in line) throw new Error(line.help);
  return line;
}

/** What each host is asked for, where `orch run` has these words, and the file of prompts these tasks. */
function hostsOf(folder: string, words: readonly string[], tasks: readonly unknown[]) {
  const prompts = join(folder, 'todo.yml');
  writeFileSync(prompts, JSON.stringify(tasks));
  const nothing = { fd: 1, isTTY: false, columns: undefined, rows: undefined, write: () => Promise.resolve() };
  const context: CliContext = {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    pid: 1,
    execPath: process.execPath,
    script: '',
    clock: systemClock,
    stdin: nothing,
    stdout: nothing,
    stderr: nothing,
    onSignal: () => ({ [Symbol.dispose]: () => undefined }),
  };
  const many = { prompts, size: { cols: 91, rows: 19 }, agentDir: () => join(folder, '.agent') };
  return planMany(lineOf(words), many, NO_CONFIG, context).map(({ words: asked, prompt }) => {
    const host = hostingOf(asked);
    const line = lineOf(host?.words ?? []);
    const settings = runSettings(readFlags(line.options, runFlags), false);
    return { hosting: host?.hosting, prompt, rest: line.rest, settings };
  });
}

const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => !/[\0-\x1f\x7f]/.test(text) && text.trim() !== '');
const seconds = fc.integer({ min: 1, max: 99 }).map(String);

describe('the host of one of many', () => {
  test('is asked for what the file says of its task, else for what is said for all', () => {
    const own = fc.record(
      { killAfter: seconds, maxIterations: fc.integer({ min: 1, max: 9 }), until: word, linger: seconds },
      { requiredKeys: [] },
    );
    const forAll = fc.record(
      { 'kill-after': seconds, 'idle-timeout': seconds, until: word, 'redact-pattern': fc.constantFrom('a+', 'b') },
      { requiredKeys: [] },
    );
    const prompt = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !text.includes('\0') && text.trim() !== '');
    fc.assert(
      fc.property(own, forAll, prompt, (task, all, text) => {
        using folder = temporaryFolder();
        const words = Object.entries(all).map(([long, value]) => `--${long}=${value}`);
        const [host] = hostsOf(
          folder.path,
          ['-b', 'demo', '--prompts', 'todo.yml', '-q', ...words],
          [{ prompt: text, ...task }],
        );
        const ofTask = [
          ['kill-after', task.killAfter],
          ['max-iterations', task.maxIterations],
          ['until', task.until],
          ['linger', task.linger],
        ].flatMap(([long, value]) => (value === undefined ? [] : [`--${String(long)}=${String(value)}`]));
        // Of an option that is given twice the last counts.
        const expected = runSettings(
          readFlags(lineOf(['-b', 'demo', '-q', ...words, ...ofTask, 'x']).options, runFlags),
          false,
        );
        expect(host).toEqual({
          hosting: { type: 'one-of-many', size: { cols: 91, rows: 19 }, promptBytes: Buffer.byteLength(text) },
          prompt: text,
          rest: undefined,
          settings: { ...expected, promptFile: '-', dir: join(folder.path, '.agent') },
        });
      }),
      { numRuns: runs(100) },
    );
  });

  test('with a command has no backend, no mode and nothing to wait for, but every word of it', () => {
    using folder = temporaryFolder();
    const command = ['printf', '--', '-q', 'a\nb', ''];
    const words = ['-b', 'demo', '--mode', 'play', '--until', 'DONE', '--prompts', 'todo.yml', '--name', 'all'];
    const [host] = hostsOf(folder.path, words, [{ command, size: '50x10' }]);
    expect(host).toMatchObject({
      rest: command,
      prompt: '',
      hosting: { size: { cols: 50, rows: 10 } },
    });
    expect(host?.settings).toMatchObject({
      backend: undefined,
      mode: undefined,
      loop: undefined,
      name: 'all',
      promptFile: undefined,
    });
  });
});
