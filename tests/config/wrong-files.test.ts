import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { configOf, configOfBytes, refusal } from './read.js';

const DEFAULT_KEYS =
  'backend, mode, ask, output, onHangup, size, killAfter, linger, onLogError, segmentSize, maxLogSize, fsync, until, maxIterations, stopAfterFailures, delay, iterationTimeout or idleTimeout';
const BACKEND_KEYS =
  'summary, command, env, prompt, install, done, waiting, failed, session, resume, exitCodes, idleTimeout or leave';
const QUOTES = "check quotes and indentation; a text that contains ': ' or ' #' needs quotes";
const DURATION = 'it must be seconds such as 10, or a text such as 2.5s, 10m or 1h';

/** A backend with another key, in line 4. */
const backend = (line: string): string => `backends:\n  mine:\n    command: [tool, "{prompt}"]\n    ${line}\n`;

/** What is wrong, the file, where, and what is said. */
const WRONG: readonly (readonly [what: string, file: string, at: string, says: string])[] = [
  [
    'an unknown key',
    'default: {}',
    '1:1',
    'default is not a known key — did you mean defaults? Else use defaults, backends, redact, notify or retention',
  ],
  [
    'a key that nothing is like',
    'colour: red',
    '1:1',
    'colour is not a known key — use defaults, backends, redact, notify or retention',
  ],
  [
    'an unknown key of a backend',
    'backends:\n  foo:\n    summary: x\n    comand: [a]\n',
    '4:5',
    `backends.foo.comand is not a known key — did you mean command? Else use ${BACKEND_KEYS}`,
  ],
  [
    'a key in the spelling of flags',
    'defaults:\n  kill-after: 10',
    '2:3',
    `defaults.kill-after is not a known key — did you mean killAfter? Else use ${DEFAULT_KEYS}`,
  ],
  [
    'a key with a blank',
    'a b: 1',
    '1:1',
    '"a b" is not a known key — use defaults, backends, redact, notify or retention',
  ],
  [
    'a merge, which YAML 1.2 has not',
    'a: &a {}\n<<: *a',
    '1:1',
    'a is not a known key — use defaults, backends, redact, notify or retention',
  ],

  ['a list in place of everything', '- a', '1:1', 'the document is a list — it must be a map of keys and values'],
  [
    'a text in place of everything',
    '\n  hello',
    '2:3',
    "the document is 'hello' — it must be a map of keys and values",
  ],
  [
    'a text in place of a map',
    'defaults: claude',
    '1:11',
    "defaults is 'claude' — it must be a map of keys and values",
  ],
  [
    'a text in place of a command',
    'backends:\n  a:\n    command: tool "{prompt}"',
    '3:14',
    `backends.a.command is 'tool "{prompt}"' — it must be a list of texts, the program first, such as [mytool, --, "{prompt}"]`,
  ],
  [
    'a command of nothing',
    'backends:\n  a:\n    command: []',
    '3:14',
    'backends.a.command is empty — it must be a list of texts, the program first, such as [mytool, --, "{prompt}"]',
  ],
  [
    'a placeholder without quotes',
    'backends:\n  a:\n    command: [tool, {prompt}]',
    '3:21',
    'backends.a.command[1] is a map — it must be a text, in quotes: "{prompt}"',
  ],
  [
    'an argument with a colon',
    'backends:\n  a:\n    command:\n      - tool\n      - say: hi',
    '5:9',
    "backends.a.command[1] is a map — it must be a text, in quotes where it holds ': '",
  ],
  [
    'an argument that is empty',
    'backends:\n  a:\n    command:\n      - tool\n      -',
    '5:8',
    'backends.a.command[1] is empty — it must be a text',
  ],
  [
    'an argument with a NUL byte',
    'backends: {a: {command: ["a\\0"]}}',
    '1:26',
    'backends.a.command[0] holds a NUL byte — programs cannot receive one',
  ],
  [
    'a number in place of a text',
    'defaults: {until: 42}',
    '1:19',
    'defaults.until is 42 — it must be one line of text, in quotes: "42"',
  ],
  [
    'a text of two lines',
    'defaults: {until: "a\\nb"}',
    '1:19',
    "defaults.until is 'a\\nb' — it must be one line of text",
  ],
  [
    'a long text',
    `defaults: {output: ${'x'.repeat(1000)}}`,
    '1:20',
    `defaults.output is '${'x'.repeat(40)}…' — it must be auto, raw, clean or none`,
  ],

  [
    'a choice that is none',
    'defaults: {output: loud}',
    '1:20',
    "defaults.output is 'loud' — it must be auto, raw, clean or none",
  ],
  ['a duration that is none', 'defaults: {delay: soon}', '1:19', `defaults.delay is 'soon' — ${DURATION}`],
  [
    'a duration below nothing',
    'defaults: {delay: -1}',
    '1:19',
    `defaults.delay is -1 — it must be a whole number from 0 on`,
  ],
  ['a duration with a fraction and no unit', 'defaults: {delay: 2.5}', '1:19', `defaults.delay is 2.5 — ${DURATION}`],
  ['a duration without end', 'defaults: {delay: .inf}', '1:19', `defaults.delay is .inf — ${DURATION}`],
  [
    'a size that is none',
    'defaults: {size: 70000x1}',
    '1:18',
    "defaults.size is '70000x1' — it must be columns and rows such as 120x40",
  ],
  [
    'a count of nothing',
    'defaults: {maxIterations: 0}',
    '1:27',
    'defaults.maxIterations is 0 — it must be a whole number from 1 on',
  ],
  [
    'a count in quotes',
    'defaults: {maxIterations: "3"}',
    '1:27',
    "defaults.maxIterations is '3' — it must be a whole number from 1 on",
  ],
  [
    'a backend that is not there',
    'defaults: {backend: cloude}',
    '1:21',
    'there is no backend cloude — did you mean claude? Else use claude, opencode, codex, gemini, copilot, qwen, pi or demo',
  ],
  ['a mode of another backend', 'defaults: {backend: demo, mode: print}', '1:33', 'demo has no mode print — use play'],
  [
    'a mode that the default backend has not',
    'defaults: {mode: fancy}',
    '1:18',
    'claude has no mode fancy — use native, stream or print',
  ],

  [
    'a key that is missing',
    'backends:\n  a:\n    summary: x',
    '3:5',
    'backends.a has no command — add it: the program and its arguments; in these, {prompt} is the prompt, unchanged, and {promptFile} a file with it',
  ],
  [
    'a backend of nothing',
    'backends:\n  a:\n',
    '2:3',
    'backends.a has no command — add it: the program and its arguments; in these, {prompt} is the prompt, unchanged, and {promptFile} a file with it',
  ],
  [
    "a backend of a built-in one's name",
    'backends:\n  claude: {command: [a]}',
    '2:3',
    'backends.claude is a name that orch uses itself — choose another name',
  ],
  [
    'a backend called command',
    'backends:\n  command: {command: [a]}',
    '2:3',
    'backends.command is a name that orch uses itself — choose another name',
  ],
  [
    'a backend whose name is none',
    'backends:\n  my tool: {command: [a]}',
    '2:3',
    'backends."my tool" is not a known key — one is a name of letters, digits, dots and dashes',
  ],
  [
    'a variable whose name is none',
    backend('env: {A-B: x}'),
    '4:11',
    'backends.mine.env.A-B is not a known key — one is the name of a variable, such as MY_KEY',
  ],
  [
    'an exit code that is none',
    backend('exitCodes: {256: done}'),
    '4:17',
    'backends.mine.exitCodes.256 is not a known key — one is an exit code from 0 to 255',
  ],
  [
    'a meaning that is none',
    backend('exitCodes: {1: fine}'),
    '4:20',
    "backends.mine.exitCodes.1 is 'fine' — it must be done, failed, unfinished or timeout",
  ],
  [
    'a pattern that is none',
    backend('done: ["^ok", "("]'),
    '4:19',
    "backends.mine.done[1] is not a regular expression: Unterminated group — use JavaScript's syntax with the flag u; a backslash makes a character literal",
  ],
  [
    'a pattern with an escape that means nothing',
    backend("failed: ['\\-']"),
    '4:14',
    "backends.mine.failed[0] is not a regular expression: Invalid escape — use JavaScript's syntax with the flag u; a backslash makes a character literal",
  ],
  [
    'a pattern that every line matches',
    backend('waiting: [""]'),
    '4:15',
    "backends.mine.waiting[0] is '' — it must be a regular expression",
  ],
  [
    'a pattern outside a list',
    backend('done: "^ok"'),
    '4:11',
    `backends.mine.done is '^ok' — it must be a list of regular expressions, such as ["^All done"]`,
  ],
  [
    'a placeholder that is none',
    'backends: {a: {command: [tool, "--p={promt}"]}}',
    '1:32',
    '{promt} is not a placeholder — did you mean {prompt}? Else use one of: {prompt}, {promptFile}',
  ],
  [
    'no place for a prompt that is needed',
    'backends: {a: {command: [tool], prompt: required}}',
    '1:41',
    'backends.a.prompt is required, but its command has no place for one — put {prompt} or {promptFile} into an argument of its command',
  ],
  [
    'a place for a prompt that is not taken',
    backend('prompt: none'),
    '4:13',
    'backends.mine.prompt is none, but its command has a place for one — leave one out',
  ],

  ['secrets that are neither all nor some', 'redact: maybe', '1:9', "redact is 'maybe' — it must be true or false"],
  ['secrets without patterns', 'redact: {}', '1:9', 'redact has no patterns — add it: further secrets'],
  [
    'a limit that is none',
    'retention: {keep: 3}',
    '1:13',
    'retention.keep is not a known key — use maxAge, maxTasks or maxTotalSize',
  ],
  ['an age that is none', 'retention: {maxAge: a week}', '1:21', `retention.maxAge is 'a week' — ${DURATION}`],
  [
    'no task at all',
    'retention: {maxTasks: 0}',
    '1:23',
    'retention.maxTasks is 0 — it must be a whole number from 1 on',
  ],
  [
    'a size without a unit',
    'retention:\n  maxTotalSize: 500',
    '2:17',
    'retention.maxTotalSize is 500 — it must be a size such as 500MB, 10GB or 1.5GiB',
  ],
  [
    'a unit that is none',
    'retention: {maxTotalSize: 10XB}',
    '1:27',
    "retention.maxTotalSize is '10XB' — it must be a size such as 500MB, 10GB or 1.5GiB",
  ],
  ['a command to tell that is a list', 'notify: [beep]', '1:9', 'notify is a list — it must be one line of text'],

  [
    'a key that is there twice',
    'defaults:\n  backend: demo\n  delay: 1\n  backend: claude',
    '4:3',
    'defaults.backend is there twice, first at orch.yml:2:3 — leave one of them out',
  ],
  [
    'a number and a text as one key',
    'backends: {a: {command: [b], exitCodes: {1: done, "1": failed}}}',
    '1:51',
    'backends.a.exitCodes.1 is there twice, first at orch.yml:1:42 — leave one of them out',
  ],
  [
    'a key that is a list',
    '? [a]\n: b',
    '1:3',
    'a key in the document is not a text — put a text that begins with [, {, * or ? in quotes',
  ],
  ['a quote that is open', 'defaults:\n  until: "a\n', '3:1', `this is not YAML: Missing closing "quote — ${QUOTES}`],
  [
    'a colon in a text',
    'defaults:\n  until: all: done',
    '2:10',
    `this is not YAML: Nested mappings are not allowed in compact mappings — ${QUOTES}`,
  ],
  [
    'a tab in front',
    'defaults:\n\tuntil: x',
    '2:1',
    `this is not YAML: Tabs are not allowed as indentation — ${QUOTES}`,
  ],
  ['a tag that nobody knows', 'defaults: !secret x', '1:11', `this is not YAML: Unresolved tag: !secret — ${QUOTES}`],
  ['an alias of nothing', 'defaults:\n  until: *line', '2:10', 'there is no &line before this — write the value out'],
  [
    'two documents',
    'defaults:\n---\nbackends:\n',
    '3:1',
    'a second document begins here — orch.yml is a single document: remove the ---',
  ],
  [
    'a list in itself',
    'defaults: &a [*a]',
    '1:15',
    'with its aliases this is more than 100000 values, or has no end — use fewer aliases',
  ],
];

describe('orch.yml with', () => {
  test.each(WRONG)('%s is refused in one line', (_, file, at, says) => {
    expect(refusal(() => configOf(file))).toBe(`orch: orch.yml:${at}: ${says}`);
  });
});

describe('what is beyond all bounds is refused at once:', () => {
  const within = (file: string | Uint8Array): string =>
    refusal(() => (typeof file === 'string' ? configOf(file) : configOfBytes(file)));

  test('aliases of aliases that come to more than there may be', () => {
    const levels = Array.from({ length: 3 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(50)}]`);
    expect(within(`l0: &l0 [x]\n${levels.join('\n')}`)).toMatch(
      /^orch: orch\.yml:\d+:\d+: with its aliases .* more than 100000/,
    );
  });

  test('many aliases of one thing', () => {
    const many = `backends:\n  a: &a {command: [b]}\n${Array.from({ length: 8000 }, (_, at) => `  b${at}: *a\n`).join('')}`;
    expect(configOf(many).backends).toHaveLength(8001);
  });

  test.each([
    ['[', '['],
    ['{', '{a: '],
    ['-', '- '],
    ['?', '? '],
    [':', 'a: '],
  ])('lists and maps in each other, deeper than they may be, with %s', (_, text) => {
    expect(within(text.repeat(210))).toMatch(
      /^orch: orch\.yml:1:\d+: lists and maps are nested too deeply here — close those that should have ended earlier$/,
    );
  });

  test.each([']', "'x' ", '& ', ':\n', '---\n', '"\\x', '!<', '%a\n'])('nonsense: %j', (text) => {
    expect(within(text.repeat(200))).toMatch(/^orch: orch\.yml:\d+:\d+: /);
  });

  test('a file of 10 MB', () => {
    expect(within(Buffer.alloc(10 * 1024 * 1024, '#'))).toBe(
      'orch: orch.yml cannot be read: it has 10485760 bytes, more than the limit of 262144 — fix it, or move it away',
    );
  });

  test('bytes that are no UTF-8, with their line', () => {
    expect(within(Buffer.from('defaults:\n  until: "ä\n"\n  mode: \xff\n', 'latin1'))).toBe(
      'orch: orch.yml:2:1: this line is not UTF-8 — save it as UTF-8',
    );
    expect(within(Buffer.from('# fine: ä €\n#\n# \ufffd\n', 'utf8').subarray(0, -2))).toMatch(/^orch: orch\.yml:3:1: /);
  });
});

test('what is no file is refused', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'orch.yml');
  symlinkSync('nowhere', path);
  expect(refusal(() => readConfig(path, 'orch.yml'))).toBe(
    'orch: orch.yml cannot be read: ENOENT: no such file or directory — fix it, or move it away',
  );
  mkdirSync(join(folder.path, 'd'));
  expect(refusal(() => readConfig(join(folder.path, 'd'), 'd'))).toBe(
    'orch: d cannot be read: it is not a regular file — fix it, or move it away',
  );
  writeFileSync(join(folder.path, 'empty.yml'), '');
  expect(readConfig(join(folder.path, 'empty.yml'), 'empty.yml').backends).toEqual([]);
});
