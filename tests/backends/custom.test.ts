import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CustomBackend, customBackend, findBackend, planInvocation } from '../../src/backends/index.js';
import { fillTemplate } from '../../src/backends/template.js';
import { OrchError } from '../../src/core/errors.js';

const options = { execPath: '/usr/bin/node', attached: false };

function custom(args: readonly string[], more: Partial<CustomBackend> = {}) {
  return customBackend({ name: 'mine', program: 'tool', args, folder: '/work', env: {}, ...more });
}

function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof OrchError) return `${error.message}; ${error.fix ?? ''}`;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a template', () => {
  test('hands over any prompt as it is, wherever its place is, and however often', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (prompt, before, after) => {
        const around = [before, after].map((text) => text.replace(/[{}]/g, ''));
        const [head = '', tail = ''] = around;
        const args = [head, `${head}{prompt}${tail}`, '{prompt}{prompt}', '--', '{promptFile}'];
        expect(fillTemplate(args, { prompt, promptFile: '/p' })).toEqual([
          head,
          head + prompt + tail,
          prompt + prompt,
          '--',
          '/p',
        ]);
      }),
    );
  });

  test.each(['{promptFile}', '{prompt}', '$&', '$1', "$'", '$$', '-x', 'a\nb', '"', "'", '日本 🚀'])(
    'does not look for places in a prompt: %j',
    (prompt) => {
      expect(fillTemplate(['{prompt}'], { prompt, promptFile: '/p' })).toEqual([prompt]);
    },
  );

  test('leaves out an argument whose place nothing is for', () => {
    const none = { prompt: undefined, promptFile: undefined };
    expect(fillTemplate(['run', '--prompt={prompt}', '{promptFile}', '{}'], none)).toEqual(['run', '{}']);
  });
});

describe('a custom backend', () => {
  test('runs its program with its variables, in its one mode', () => {
    const backend = custom(['--', '{prompt}'], { env: { KEY: 'v' } });
    const invocation = {
      invocation: { shown: ['mine', '- [ ] x'], file: 'tool', args: ['--', '- [ ] x'], env: { KEY: 'v' } },
      behaviour: {},
      mode: 'run',
    };
    expect(planInvocation(backend, '- [ ] x', options)).toEqual(invocation);
    expect(planInvocation(backend, '- [ ] x', { ...options, attached: true, mode: 'run' })).toEqual(invocation);
    expect(refusal(() => planInvocation(backend, 'x', { ...options, mode: 'play' }))).toBe(
      'mine has no mode play; use one of: run',
    );
  });

  test('needs a prompt where it has a place for one, and else takes none', () => {
    expect(refusal(() => planInvocation(custom(['{prompt}']), undefined, options))).toMatch(/^mine needs a prompt/);
    expect(refusal(() => planInvocation(custom(['x']), 'hello', options))).toMatch(/^mine takes no prompt/);
    const optional = custom(['run', '{prompt}'], { prompt: 'optional' });
    expect(planInvocation(optional, undefined, options).invocation.args).toEqual(['run']);
    expect(planInvocation(optional, 'p', options).invocation.args).toEqual(['run', 'p']);
  });

  test('that reads its prompt from a file is given one', () => {
    const { args } = planInvocation(custom(['--file={promptFile}']), 'p', options).invocation;
    expect(typeof args === 'function' && args('/a b')).toEqual(['--file=/a b']);
  });

  test('is found by its name, and named where another is not found', () => {
    const backend = custom([]);
    expect(findBackend('mine', [backend])).toBe(backend);
    expect(findBackend('demo', [backend]).name).toBe('demo');
    expect(refusal(() => findBackend('yours', [backend]))).toMatch(/use one of: .*demo, mine;/);
  });
});
