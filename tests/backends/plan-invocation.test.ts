import { describe, expect, test } from 'vitest';
import { OrchError } from '../../src/core/errors.js';
import { backends, commandBackend, findBackend, planInvocation } from '../../src/backends/index.js';

const options = { execPath: '/usr/bin/node', attached: false };

function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof OrchError) return `${error.code} (${error.exitCode}): ${error.message}; ${error.fix ?? ''}`;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the registry', () => {
  test('finds every backend by its name', () => {
    expect(backends.map(({ name }) => findBackend(name).name)).toEqual([
      'claude',
      'opencode',
      'codex',
      'gemini',
      'copilot',
      'qwen',
      'pi',
      'demo',
    ]);
  });

  test('answers an unknown name with the names there are', () => {
    expect(refusal(() => findBackend('cloud'))).toMatchInlineSnapshot(
      `"UNKNOWN_BACKEND (2): there is no backend cloud; use one of: claude, opencode, codex, gemini, copilot, qwen, pi, demo; or run any command with: orch run -- COMMAND"`,
    );
  });

  test('says of every agent that is not part of orch how to install it', () => {
    for (const { name, install } of backends) expect(install !== undefined, name).toBe(name !== 'demo');
  });
});

describe('planning a run', () => {
  test.each(['--version', '- [ ] a "list"', "it's\nthree\nlines", '$(false)', 'naïve 日本語 🚀', 'x'.repeat(100_000)])(
    'hands a prompt over unchanged, as the last argument or in a file, in every mode: %.20s',
    (prompt) => {
      for (const backend of backends) {
        for (const { name } of backend.modes) {
          const { args, stdin } = planInvocation(backend, prompt, { ...options, mode: name }).invocation;
          if (stdin === 'prompt') continue;
          if (typeof args === 'function') throw new Error('the prompt is in a file');
          const inOne = args.at(-1) === `--prompt=${prompt}`;
          expect(inOne || (args.at(-2) === '--' && args.at(-1) === prompt), name).toBe(true);
        }
      }
    },
  );

  test.each(['x'.repeat(1_000_000), 'a\0b'])(
    'hands over a file where a prompt cannot be an argument: %.20s',
    (prompt) => {
      for (const backend of backends) {
        for (const { name } of backend.modes) {
          const { args, stdin } = planInvocation(backend, prompt, { ...options, mode: name }).invocation;
          const words = typeof args === 'function' ? args('/task/prompt.txt') : args;
          expect(words.join(' '), name).not.toContain(prompt);
          expect(stdin === 'prompt' || words.join(' ').includes('/task/prompt.txt'), `${backend.name} ${name}`).toBe(
            true,
          );
        }
      }
    },
  );

  test('takes the mode that suits whoever sits before it, or the one that is named', () => {
    const claude = findBackend('claude');
    const plan = (wish: { attached: boolean; mode?: string }): readonly unknown[] => {
      const { args } = planInvocation(claude, 'hello', { ...options, ...wish }).invocation;
      return typeof args === 'function' ? [] : args;
    };
    expect(plan({ attached: true })[0]).toBe('--settings');
    expect(plan({ attached: false })[0]).toMatch(/agent-stream\.js$/);
    expect(plan({ attached: true, mode: 'print' })[0]).toBe('-p');
    expect(planInvocation(claude, 'hello', { ...options, attached: true }).invocation.env).toEqual({
      CLAUDE_CODE_DISABLE_ALTERNATE_SCREEN: '1',
    });
    expect(refusal(() => plan({ attached: true, mode: 'fancy' }))).toBe(
      'BAD_ARGUMENT (2): claude has no mode fancy; use one of: native, stream, print',
    );
    for (const { name, modes } of backends) {
      for (const attached of ['attached', 'unattended'] as const) {
        expect(
          modes.filter(({ suits }) => suits === attached || suits === 'both'),
          name,
        ).toHaveLength(1);
      }
    }
  });

  test('says of every agent in its name and the prompt which run it is', () => {
    for (const backend of backends) {
      for (const { name } of backend.modes) {
        const { invocation } = planInvocation(backend, 'mend it', { ...options, mode: name });
        expect(invocation.shown).toEqual([backend.name, 'mend it']);
      }
    }
    expect(planInvocation(findBackend('demo'), undefined, options).invocation.shown).toEqual(['demo']);
  });

  test('goes on with a session in each mode that can, with the prompt unchanged', () => {
    const resumable: string[] = [];
    for (const backend of backends) {
      for (const { name } of backend.modes.filter(({ resume }) => resume !== undefined)) {
        const wish = { ...options, mode: name, session: 'the-session' };
        const { args, stdin } = planInvocation(backend, '- [ ] mend it', wish).invocation;
        expect(String(args)).toContain('the-session');
        if (stdin === undefined) expect(String(args)).toContain('- [ ] mend it');
        const long = planInvocation(backend, 'x'.repeat(200_000), wish).invocation;
        expect([typeof long.args === 'function', long.stdin === 'prompt']).toContain(true);
        resumable.push(`${backend.name} ${name}`);
      }
    }
    expect(resumable).toEqual([
      'claude native',
      'claude stream',
      'claude print',
      'opencode run',
      'opencode tui',
      'codex exec',
      'codex tui',
      'gemini print',
      'copilot stream',
      'copilot print',
      'qwen stream',
      'qwen print',
      'pi stream',
      'pi print',
      'pi tui',
    ]);
  });

  /** The arguments of a mode without the prompt, and what it gets in its environment. */
  const given = (name: string, mode: string, ask: boolean): string => {
    const { args, env } = planInvocation(findBackend(name), 'P', { ...options, mode, ask }).invocation;
    const words = typeof args === 'function' ? args('/prompt') : args;
    return [...words, ...Object.entries(env ?? {}).map(([key, value]) => `${key}=${value}`)].join(' ');
  };

  test('lets an agent work in its folder without asking', () => {
    expect(given('codex', 'exec', false)).toBe('exec --skip-git-repo-check --sandbox workspace-write -- P');
    expect(given('codex', 'tui', false)).toMatch(/--no-alt-screen .*--sandbox workspace-write/);
    expect(given('gemini', 'print', false)).toBe('--approval-mode yolo --prompt=P GEMINI_CLI_TRUST_WORKSPACE=true');
    for (const mode of ['stream', 'print']) expect(given('copilot', mode, false)).toContain('--allow-all-tools');
    expect(given('qwen', 'print', false)).toBe('--approval-mode yolo --prompt=P QWEN_CODE_SUPPRESS_YOLO_WARNING=1');
    expect(given('qwen', 'stream', false)).toContain(' --approval-mode yolo ');
    for (const mode of ['stream', 'print']) expect(given('pi', mode, false)).not.toContain('--tools');
    for (const mode of ['native', 'stream', 'print'])
      expect(given('claude', mode, false)).toMatch(/--permission-mode acceptEdits --allowedTools \S*Bash/);
  });

  test('has it ask before that where this is wished, in every mode of every agent that can', () => {
    expect(given('codex', 'exec', true)).toBe('exec --skip-git-repo-check --sandbox read-only -- P');
    expect(given('codex', 'tui', true)).toMatch(/--no-alt-screen .*--sandbox read-only/);
    expect(given('gemini', 'print', true)).toBe('--approval-mode default --prompt=P');
    for (const mode of ['stream', 'print']) {
      expect(given('qwen', mode, true)).toContain('--approval-mode default ');
      expect(given('copilot', mode, true)).not.toContain('--allow');
    }
    for (const mode of ['stream', 'print', 'tui'])
      expect(given('pi', mode, true)).toContain('--tools read,grep,find,ls ');
    for (const mode of ['native', 'stream', 'print']) {
      expect(given('claude', mode, true)).toMatch(/--permission-mode manual/);
      expect(given('claude', mode, true)).not.toContain('--allowedTools');
    }
    for (const mode of ['run', 'tui']) {
      const env = /OPENCODE_PERMISSION=(.*)/.exec(given('opencode', mode, true))?.[1] ?? '';
      expect(JSON.parse(env)).toMatchObject({ edit: 'ask', bash: 'ask' });
      expect(given('opencode', mode, false)).not.toContain('OPENCODE_PERMISSION');
    }
    for (const { name, modes } of backends)
      for (const mode of modes) expect([name, mode.name, mode.asks]).toEqual([name, mode.name, true]);
  });

  test('refuses to have one ask that orch does not know how to tell', () => {
    expect(refusal(() => planInvocation(commandBackend(['make']), undefined, { ...options, ask: true }))).toBe(
      'BAD_ARGUMENT (2): orch does not know how to have command ask; leave --ask out, and say it to the agent: in its own settings, or in its command in orch.yml',
    );
  });

  test('runs what stands after -- as it is', () => {
    const argv = ['printf', '%s\n', '--', '-x', ''];
    expect(planInvocation(commandBackend(argv), undefined, options)).toEqual({
      invocation: { file: 'printf', args: argv.slice(1) },
      behaviour: { answersForItself: true },
      mode: 'as-is',
    });
  });

  test('gives the demo its speed, and no prompt when there is none', () => {
    const { file, args } = planInvocation(findBackend('demo'), undefined, { ...options, speed: 100 }).invocation;
    expect(file).toBe(options.execPath);
    expect(args).toEqual([expect.stringMatching(/demo-agent\.js$/), '--speed=100']);
  });

  test('refuses a missing, blank or unwanted prompt and a missing command, each with an example', () => {
    const claude = findBackend('claude');
    expect([
      refusal(() => planInvocation(claude, undefined, options)),
      refusal(() => planInvocation(claude, ' \n', options)),
      refusal(() => planInvocation(findBackend('demo'), '', options)),
      refusal(() => planInvocation(commandBackend(['true']), 'hello', options)),
      refusal(() => commandBackend([])),
    ]).toMatchInlineSnapshot(`
      [
        "BAD_ARGUMENT (2): claude needs a prompt; orch run -b claude "what it should do"",
        "BAD_ARGUMENT (2): the prompt is empty; orch run -b claude "what it should do"",
        "BAD_ARGUMENT (2): the prompt is empty; orch run -b demo "what it should do"",
        "BAD_ARGUMENT (2): command takes no prompt; orch run -- COMMAND [ARGUMENT…]",
        "BAD_ARGUMENT (2): there is no command to run; orch run -- COMMAND [ARGUMENT…]",
      ]
    `);
  });
});
