import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PromptTask, readPrompts } from '../../src/config/prompts-file.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { refusal } from './read.js';

/** The tasks of a file of this name; paths are told from `/work`. */
function promptsOf(name: string, text: string | Uint8Array): readonly PromptTask[] {
  using folder = temporaryFolder();
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return readPrompts(path).map((task) =>
    task.type === 'prompt-file' ? { ...task, promptFile: task.promptFile.replace(folder.path, '/work') } : task,
  );
}

const alone = (prompt: string, at: string) => ({ type: 'prompt', prompt, at, options: new Map() });

describe('a file of lines', () => {
  test('is a prompt a line, without blank ones and comments', () => {
    expect(
      promptsOf('todo.txt', '# first\nmend it\n\n  \t\n- [ ] "x" $y: # no comment\r\n  two blanks before'),
    ).toEqual([
      alone('mend it', 'todo.txt:2:1'),
      alone('- [ ] "x" $y: # no comment', 'todo.txt:5:1'),
      alone('  two blanks before', 'todo.txt:6:1'),
    ]);
  });

  test('gives back any prompts', () => {
    const prompt = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => /^[^#\r\n\ufeff][^\r\n]*$/.test(text) && text.trim() !== '');
    fc.assert(
      fc.property(fc.array(prompt, { minLength: 1 }), (prompts) => {
        const found = promptsOf('p', `${prompts.join('\n')}\n`);
        expect(found.map((task) => task.type === 'prompt' && task.prompt)).toEqual(prompts);
      }),
      { numRuns: runs(50) },
    );
  });
});

describe('a file of YAML', () => {
  test('is a list of prompts and of tasks with flags of their own', () => {
    const yaml = `
- mend the test
- |
  two
  lines
- prompt: "explain: this"
  backend: codex
  name: explain
  until: DONE
  maxIterations: 3
- promptFile: prompts/one.md
  delay: 1m
- command: [make, -j, 4]
`;
    expect(promptsOf('tasks.yml', yaml)).toEqual([
      alone('mend the test', 'tasks.yml:2:3'),
      alone('two\nlines\n', 'tasks.yml:3:3'),
      {
        type: 'prompt',
        prompt: 'explain: this',
        at: 'tasks.yml:6:3',
        options: new Map([
          ['backend', 'codex'],
          ['until', 'DONE'],
          ['max-iterations', '3'],
          ['name', 'explain'],
        ]),
      },
      {
        type: 'prompt-file',
        promptFile: '/work/prompts/one.md',
        at: 'tasks.yml:11:3',
        options: new Map([['delay', '1m']]),
      },
      { type: 'command', argv: ['make', '-j', '4'], at: 'tasks.yml:13:3', options: new Map() },
    ]);
  });

  test('may be several documents, each a task or a list of them', () => {
    const yaml = '---\nprompt: one\n---\n---\n- two\n- three\n--- four\n...\n';
    const prompts = promptsOf('tasks.YAML', yaml).map((task) => task.type === 'prompt' && task.prompt);
    expect(prompts).toEqual(['one', 'two', 'three', 'four']);
  });
});

describe('what is wrong is said in one line:', () => {
  test.each<[string, string, string]>([
    ['a.txt', '# nothing\n', 'a.txt:1:1: there is no prompt in this file — put one on a line'],
    ['a.yml', '[]', 'a.yml:1:1: there is no prompt in this file — put one on a line'],
    ['a.yml', '- " "', "a.yml:1:3: [0] is ' ' — it must be a text with the prompt"],
    ['a.yml', '- a\n- 3', 'a.yml:2:3: [1] is 3 — it must be a text with the prompt, in quotes: "3"'],
    [
      'a.yml',
      '- prmopt: a',
      'a.yml:1:3: [0].prmopt is not a known key — did you mean prompt? Else use prompt, promptFile, command, name, backend, mode, ask, output, onHangup, size, killAfter, linger, onLogError, segmentSize, maxLogSize, fsync, until, maxIterations, stopAfterFailures, delay, iterationTimeout or idleTimeout',
    ],
    ['a.yml', '- backend: demo', 'a.yml:1:3: [0] has no prompt — it must be one of prompt, promptFile and command'],
    [
      'a.yml',
      '- prompt: a\n  command: [b]',
      'a.yml:1:3: [0] has more than one prompt — it must be one of prompt, promptFile and command',
    ],
    ['a.yml', '-\n', 'a.yml:1:2: [0] has no prompt — it must be one of prompt, promptFile and command'],
    ['a.yml', 'prompt: a\nname: b c', "a.yml:2:7: name is 'b c' — it must be up to 100 characters without blanks"],
    [
      'a.yml',
      '- prompt: a\n  delay: soon',
      "a.yml:2:10: [0].delay is 'soon' — it must be seconds such as 10, or a text such as 2.5s, 10m or 1h",
    ],
    [
      'a.yml',
      '- "a',
      `a.yml:1:5: this is not YAML: Missing closing "quote — check quotes and indentation; a text that contains ': ' or ' #' needs quotes`,
    ],
  ])('%s %j', (name, text, says) => {
    expect(refusal(() => promptsOf(name, text))).toBe(`orch: ${says}`);
  });

  test('bytes that are no text, and a file that is not there', () => {
    expect(refusal(() => promptsOf('a', Buffer.from('a\n\xff', 'latin1')))).toBe(
      'orch: a:2:1: this line is not UTF-8 — save it as UTF-8',
    );
    expect(refusal(() => readPrompts('/nowhere/a.txt', '../a.txt'))).toBe(
      'orch: ../a.txt cannot be read: ENOENT: no such file or directory — fix it, or move it away',
    );
  });
});
