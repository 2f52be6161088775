import { describe, expect, test } from 'vitest';
import { CASES, MODES, SIZES, type Way } from './matrix.js';
import { runAgent } from './run-agent.js';
import { ANSWER, scenarioTag } from './scenarios.js';

/** Set by scripts/test-agents.ts, which has seen to it that they are there, and that they reach nothing but this machine. */
const bin = process.env['ORCH_AGENTS_BIN'] ?? '';

/** Enough for any turn of the script on a busy machine; what has no end of its own is given up sooner, in seconds. */
const PATIENCE = 90;
const LITTLE_PATIENCE = 45;

describe.skipIf(bin === '')('a real agent under orch', () => {
  for (const { backend, mode, size, name, ...row } of rows()) {
    test.concurrent(`${backend} --mode ${mode} at ${size}: ${name}`, async () => {
      const { scenario, signal, expected } = row;
      const { code, verdict, once, reason = '' } = expected;
      const prompt = `${scenarioTag(scenario)} Say "it".\n`;
      const patience = verdict === 'timeout' ? LITTLE_PATIENCE : PATIENCE;
      const { log, ...end } = await runAgent(bin, { backend, mode, size, prompt, signal, patience });
      const seen = `${log}\n${end.stderr}`;
      expect(end, seen).toMatchObject({
        code,
        verdict,
        reason: expect.stringContaining(reason) as string,
        status: code === 0 ? 'done' : 'failed',
        left: [],
        problems: [],
      });
      expect([...new Set(end.prompts)], seen).toEqual([BACKENDS_THAT_TRIM.has(backend) ? prompt.trim() : prompt]);
      for (const text of once) expect([text, times(text, log), times(text, end.stdout)], seen).toEqual([text, 1, 1]);
    });
  }

  // codex's interface takes the name of the file for it, pi's the file with its name.
  for (const [backend, mode] of [...modes()].filter(([backend, mode]) => mode !== 'tui' || backend === 'opencode')) {
    test.concurrent(`${backend} --mode ${mode}: a prompt of a megabyte reaches the model as it is`, async () => {
      const prompt = `${scenarioTag('text')}\n${'- [ ] "quoted"\t$x \\ 日本  \n'.repeat(40_000)}\n`;
      const { log, ...end } = await runAgent(bin, { backend, mode, size: '80x24', prompt, patience: PATIENCE });
      expect(end.code, end.stderr).toBe(0);
      const whole = (text: string): string => (BLANKS_OF_INPUT.has(backend) ? text.trim() : text);
      expect(end.prompts.map((reached) => whole(reached) === whole(prompt))).toEqual([true]);
      expect(log).toContain(ANSWER.at(-1));
    });
  }
});

/** Of their input they take off what is blank at its ends, or add to it. */
const BLANKS_OF_INPUT: ReadonlySet<string> = new Set(['copilot', 'pi', 'qwen']);
/** They take it off every prompt. */
const BACKENDS_THAT_TRIM: ReadonlySet<string> = new Set(['copilot']);

const times = (text: string, log: string): number => log.split(text).length - 1;

function* rows() {
  for (const [backend, mode] of modes()) {
    for (const { expected, ...row } of CASES) {
      for (const size of SIZES) yield { backend, mode, size, ...row, expected: expected[`${backend} ${mode}` as Way] };
    }
  }
}

function* modes() {
  for (const [backend, names] of Object.entries(MODES)) for (const mode of names) yield [backend, mode] as const;
}
