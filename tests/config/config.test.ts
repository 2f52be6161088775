import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../src/core/pattern/pattern.js';
import type { Backend } from '../../src/backends/index.js';
import { NO_CONFIG } from '../../src/config/config.js';
import { NOTHING_GIVEN } from '../../src/settings/run-settings.js';
import { loadConfig } from '../../src/config/load-config.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { configOf, configOfBytes, refusal } from './read.js';

/** The one backend of an orch.yml. */
function backendOf(yaml: string): Backend {
  const [backend, ...others] = configOf(`backends:\n  mine:\n${yaml.replace(/^/gm, '    ')}`).backends;
  if (backend === undefined || others.length > 0) throw new Error('there is not one backend');
  return backend;
}

describe('what an orch.yml says', () => {
  test('flags for orch run, by the names of flags, and in their spelling', () => {
    const { defaults } = configOf(
      `
defaults:
  backend: demo
  mode: play
  ask: true
  output: clean
  size: 100x30
  killAfter: 10
  linger: 1.5s
  onLogError: stop
  until: 'ALL: DONE'
  maxIterations: 10
  stopAfterFailures: 0x10
  delay: 0
  iterationTimeout: 1h
  idleTimeout: "90"
`.replace('1_0', '10'),
    );
    expect(defaults).toEqual({
      ...NOTHING_GIVEN,
      backend: 'demo',
      mode: 'play',
      ask: true,
      output: 'clean',
      size: { cols: 100, rows: 30 },
      ending: { killAfterMs: 10_000, lingerMs: 1500 },
      log: { ...NOTHING_GIVEN.log, onError: 'stop' },
      loop: { until: 'ALL: DONE', maxIterations: 10, stopAfterFailures: 16, delayMs: 0 },
      timeouts: { iterationMs: 3_600_000, idleMs: 90_000 },
    });
  });

  test('of a switch that it is off, which is as if it said nothing', () => {
    expect(configOf('defaults: {ask: false}').defaults).toEqual(NOTHING_GIVEN);
    expect(refusal(() => configOf('defaults: {ask: maybe}'))).toContain('defaults.ask');
  });

  test('a backend, whole', () => {
    const backend = backendOf(`
summary: my agent
command: [mytool, --yes, -n, 3, 1.10, true, "{prompt}"]
env: { PORT: 8080, EMPTY: "" }
prompt: optional
install: "pip install mytool"
done: ['^✓ done\\.$', finished]
waiting: ['\\?$']
failed: []
exitCodes: { 0: done, 3: unfinished, 124: timeout, 255: failed }
idleTimeout: 10m
leave: "/exit"
`);
    const { modes, ...said } = backend;
    expect(said).toEqual({
      name: 'mine',
      summary: 'my agent',
      program: 'mytool',
      install: 'pip install mytool',
      prompt: 'optional',
    });
    expect(modes[0]?.behaviour).toEqual({
      patterns: {
        done: [/^✓ done\.$/u, /finished/u].map(compilePattern),
        waiting: [compilePattern(/\?$/u)],
        failed: [],
      },
      exitCodes: new Map([
        [0, 'done'],
        [3, 'unfinished'],
        [124, 'timeout'],
        [255, 'failed'],
      ]),
      idleTimeoutMs: 600_000,
      leave: ['/exit', '\r'],
    });
    expect(modes.map(({ name, suits }) => [name, suits])).toEqual([['run', 'both']]);
  });

  test('a backend that says no more than its command', () => {
    expect(backendOf('command: [make, test]')).toMatchObject({
      summary: 'make test',
      prompt: 'none',
      modes: [{ behaviour: {} }],
    });
    expect(backendOf('command: [a, "--prompt={prompt}"]').prompt).toBe('required');
    expect(backendOf('command: [a, "{promptFile}"]').prompt).toBe('required');
  });

  test('braces that are no placeholder are an argument like any other', () => {
    const args = ['{}', '{"a": 1}', '{model}', '{{prompt}}', '${HOME}', '{x,y}'];
    const { modes } = backendOf(`command: ${JSON.stringify(['jq', ...args])}`);
    expect(modes[0]?.invoke('P' as never, { execPath: '' }).args).toEqual(
      args.map((arg) => arg.replace('{prompt}', 'P')),
    );
  });

  test('what is secret, and who is told', () => {
    expect(configOf('redact: true\nnotify: beep -n 3')).toMatchObject({
      redact: { patterns: [] },
      notify: 'beep -n 3',
    });
    expect(configOf('redact: {patterns: ["KEY-[0-9]+"]}').redact).toEqual({
      patterns: [compilePattern(/KEY-[0-9]+/u)],
    });
    expect(configOf('redact: false').redact).toBeUndefined();
  });

  test('how much is kept', () => {
    expect(configOf('retention: {maxAge: 7d, maxTasks: 100, maxTotalSize: 1.5GiB}').retention).toEqual({
      maxAgeMs: 7 * 86_400_000,
      maxTasks: 100,
      maxTotalBytes: 1.5 * 1024 ** 3,
    });
    expect(configOf('retention: {maxAge: 90}').retention).toMatchObject({ maxAgeMs: 90_000, maxTasks: undefined });
    for (const none of ['retention:', 'retention: {}']) expect(configOf(none).retention).toBeUndefined();
  });

  test.each(['', '\n# nothing\n', '---\n', '{}', 'null', 'defaults:\nbackends:\n'])(
    'nothing, where it says nothing: %j',
    (text) => {
      expect(configOf(text)).toEqual({ ...NO_CONFIG, file: 'orch.yml' });
    },
  );

  test('the same in JSON, with a byte order mark, with the line ends of Windows', () => {
    const json = '{\n  "backends": {"mine": {"command": ["a", "{prompt}"], "exitCodes": {"0": "done"}}}\n}\n';
    const yaml = 'backends:\n  mine:\n    command: [a, "{prompt}"]\n    exitCodes: {0: done}\n';
    const [plain, ...others] = [yaml, json, `\ufeff${yaml}`, yaml.replaceAll('\n', '\r\n')].map((text) =>
      JSON.stringify(configOfBytes(Buffer.from(text))),
    );
    for (const other of others) expect(other).toBe(plain);
  });

  test('an anchor is what stands there wherever its alias is', () => {
    const { backends } = configOf(
      'backends:\n  a: &a {command: &c [x, "1"], env: {A: &v one}}\n  b: *a\n  c: {command: *c, env: {B: *v}}',
    );
    expect(backends.map(({ program }) => program)).toEqual(['x', 'x', 'x']);
    expect(backends[2]?.modes[0]?.invoke(undefined as never, { execPath: '' })).toEqual({
      file: 'x',
      args: ['1'],
      env: { B: 'one' },
    });
  });
});

describe('which orch.yml counts', () => {
  test('the nearest from here upward, called as it is seen from here', async () => {
    using folder = temporaryFolder();
    const deep = join(folder.path, 'a', 'b');
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(folder.path, 'orch.yml'), 'defaults: {backend: demo}');
    expect(await loadConfig(deep)).toMatchObject({ file: '../../orch.yml', defaults: { backend: 'demo' } });
    writeFileSync(join(folder.path, 'a', 'orch.yml'), '');
    expect(await loadConfig(deep)).toEqual({ ...NO_CONFIG, file: '../orch.yml' });
    expect(await loadConfig(folder.path)).toMatchObject({ file: 'orch.yml' });
  });

  test('a program such as ./tool stands beside it', async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'a'));
    writeFileSync(
      join(folder.path, 'orch.yml'),
      'backends: {a: {command: [./x]}, b: {command: [../y]}, c: {command: [z/w]}}',
    );
    const { backends } = await loadConfig(join(folder.path, 'a'));
    expect(backends.map(({ program }) => program)).toEqual([
      join(folder.path, 'x'),
      join(folder.path, '..', 'y'),
      'z/w',
    ]);
  });
});

/** Documents that are nearly right: known keys and values among others. */
const nearlyRight = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    fc.constantFrom<unknown>(
      'demo',
      '10m',
      '80x24',
      'done',
      '{prompt}',
      '^a',
      '(',
      'clean',
      'play',
      true,
      null,
      3,
      0,
      '',
    ),
    fc.jsonValue({ maxDepth: 1 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(
        fc.constantFrom(
          'defaults',
          'backends',
          'backend',
          'mode',
          'until',
          'size',
          'delay',
          'redact',
          'notify',
          'retention',
          'maxTotalSize',
          'patterns',
        ),
        fc.constantFrom('mine', 'command', 'env', 'exitCodes', '0', '3', 'done', 'prompt', 'claude', 'leave', 'comand'),
        fc.string({ maxLength: 5 }),
      ),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

/** A config, or an error that names a line inside the file: nothing else may come of any text. */
function judge(text: string): void {
  try {
    configOf(text);
  } catch {
    const [, line] = /^orch: orch\.yml:(\d+):\d+: [^\n]+ — [^\n]+$/.exec(refusal(() => configOf(text))) ?? [];
    const lines = text.split('\n').length;
    expect(Number(line), text).toBeGreaterThanOrEqual(1);
    expect(Number(line), text).toBeLessThanOrEqual(lines);
  }
}

test('any document is a config, or is refused with a line that it has', () => {
  const spelled = fc
    .tuple(nearlyRight, fc.constantFrom(undefined, 1, 2))
    .map(([document, indent]) => JSON.stringify(document, undefined, indent));
  fc.assert(fc.property(spelled, judge), { numRuns: runs(500) });
});

test('any text is a config, or is refused with a line that it has', () => {
  const piece = fc.constantFrom(
    'defaults',
    'backends',
    ':',
    ' ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '&a',
    '*a',
  );
  const more = fc.constantFrom(
    '#',
    '|',
    '>',
    '!',
    '%',
    '---\n',
    '...',
    '?',
    ',',
    '\t',
    '\r\n',
    '<<',
    'a',
    '0',
    '\u2028',
    '🚀',
    '%YAML 1.1\n---\n',
    '!!omap ',
    '!!set ',
    '!!pairs ',
    '!!binary ',
    '? ',
  );
  const pieces = fc.array(fc.oneof(piece, more, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 30 });
  fc.assert(
    fc.property(
      pieces.map((list) => list.join('')),
      judge,
    ),
    { numRuns: runs(1000) },
  );
});
