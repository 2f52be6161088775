import { describe, expect, test } from 'vitest';
import { customBackend } from '../../src/backends/index.js';
import { parseWithErrors } from '../../src/cli/options/parse-with-errors.js';
import { runCommand } from '../../src/cli/commands/run.js';
import { readFlags } from '../../src/cli/options/read-value.js';
import { withConfig } from '../../src/cli/run/with-config.js';
import { NO_CONFIG } from '../../src/config/config.js';
import { givenIn, runFlagKeys } from '../../src/config/run-flags.js';
import { optionFlags } from '../../src/settings/option-flags.js';
import { runFlags } from '../../src/settings/run-flags.js';
import { runSettings } from '../../src/settings/run-settings.js';

const slow = customBackend({
  name: 'slow',
  program: 'x',
  args: ['{prompt}'],
  folder: '/',
  env: {},
  idleTimeoutMs: 90_500,
});

/** What `orch run` is asked for by these words, where orch.yml has these defaults. */
function asked(words: readonly string[], defaults: Readonly<Record<string, string>>) {
  const line = parseWithErrors(runCommand, words);
  if ('help' in line) throw new Error(line.help);
  const config = { ...NO_CONFIG, backends: [slow], defaults: givenIn(defaults) };
  return runSettings(withConfig(readFlags(line.options, runFlags), line.rest !== undefined, config), false);
}

describe('what orch.yml sets', () => {
  test('counts where no flag is given', () => {
    const defaults = { backend: 'demo', size: '90x20', killAfter: '3', output: 'none', onLogError: 'stop' };
    expect(asked(['hello'], defaults)).toMatchObject({
      backend: 'demo',
      size: { cols: 90, rows: 20 },
      ending: { killAfterMs: 3000 },
      output: 'none',
      log: { onError: 'stop' },
    });
    const flags = ['-b', 'codex', '--size', '80x24', '--kill-after=1', '-o', 'raw', '--on-log-error=continue', 'hello'];
    expect(asked(flags, defaults)).toEqual(asked(flags, {}));
  });

  test('of the agent is not for a command', () => {
    const line = ['--', 'make'];
    expect(asked(line, { backend: 'demo', mode: 'play', ask: 'true', until: 'DONE' })).toEqual(asked(line, {}));
    expect(asked(['p'], { ask: 'true' }).ask).toBe(true);
    expect(asked(['--ask', 'p'], { ask: 'false' }).ask).toBe(true);
    expect(asked(['p'], { ask: 'false' }).ask).toBe(false);
    expect(asked(['-b', 'demo', '--', '-x'], { until: 'DONE' }).loop?.until).toBe('DONE');
  });

  test('as a mode is for the backend it goes with', () => {
    expect(asked(['p'], { mode: 'print' }).mode).toBe('print');
    expect(asked(['-b', 'claude', 'p'], { mode: 'print' }).mode).toBe('print');
    expect(asked(['-b', 'demo', 'p'], { mode: 'print' }).mode).toBeUndefined();
    expect(asked(['-b', 'demo', 'p'], { backend: 'demo', mode: 'play' }).mode).toBe('play');
    expect(asked(['-b', 'demo', '--mode', 'x', 'p'], { mode: 'print' }).mode).toBe('x');
  });

  test('as the bounds of a loop makes no loop', () => {
    const bounds = { maxIterations: '7', stopAfterFailures: '2', delay: '5' };
    expect(asked(['p'], bounds).loop).toBeUndefined();
    const loop = { maxIterations: 7, stopAfterFailures: 2, delayMs: 5000 };
    expect(asked(['--until', 'DONE', 'p'], bounds).loop).toEqual({ ...loop, until: 'DONE' });
    expect(asked(['p'], { ...bounds, until: 'DONE' }).loop).toEqual({ ...loop, until: 'DONE' });
    expect(asked(['--max-iterations', '1', 'p'], { ...bounds, until: 'DONE' }).loop?.maxIterations).toBe(1);
  });

  test('as an output gives way to --quiet', () => {
    expect(asked(['-q', 'p'], { output: 'raw' })).toMatchObject({ quiet: true, output: 'none' });
  });

  test('for a backend comes before the defaults, and after a flag', () => {
    const defaults = { idleTimeout: '5' };
    expect(asked(['p'], defaults).timeouts.idleMs).toBe(5000);
    // Undefined: what the backend says counts.
    expect(asked(['-b', 'slow', 'p'], defaults).timeouts.idleMs).toBeUndefined();
    expect(asked(['p'], { ...defaults, backend: 'slow' }).timeouts.idleMs).toBeUndefined();
    expect(asked(['-b', 'slow', '--idle-timeout', '1', 'p'], defaults).timeouts.idleMs).toBe(1000);
    expect(asked(['--', 'make'], { ...defaults, backend: 'slow' }).timeouts.idleMs).toBe(5000);
  });
});

test('each default is named as its flag, and has its choices', () => {
  for (const [key, { shape }] of Object.entries(runFlagKeys)) {
    const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const option = runCommand.options.find((candidate) => optionFlags(candidate).long === flag);
    expect(option, key).toBeDefined();
    expect(shape.schema['enum'], key).toEqual(option?.choices);
  }
});
