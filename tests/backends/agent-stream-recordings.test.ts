import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DIALECTS } from '../../src/backends/agent-stream/dialects.js';
import { StreamSession } from '../../src/backends/agent-stream/session.js';
import { pieces } from '../render/generators.js';
import { textOf } from '../render/text-of.js';

/** Sessions of the real claude beside the project, where there are any; read in place. */
const ROOT = join(import.meta.dirname, '../../../shared/recordings');
const names = existsSync(ROOT)
  ? readdirSync(ROOT).filter((name) => /^claude-p-(sj|json)/.test(name) && existsSync(join(ROOT, name, 'stdout.log')))
  : [];

const Meta = z.object({ exit: z.number(), marks: z.array(z.tuple([z.number(), z.string()])) });

const Line = z.looseObject({
  type: z.string(),
  subtype: z.string().optional(),
  attempt: z.number().optional(),
  result: z.string().optional(),
  message: z
    .looseObject({ content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })) })
    .optional(),
});

function read(name: string) {
  const meta = Meta.parse(JSON.parse(readFileSync(join(ROOT, name, 'meta.json'), 'utf8')));
  const bytes = readFileSync(join(ROOT, name, 'stdout.log'));
  const lines = bytes
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  const signal = meta.marks.map(([, mark]) => /^signal (\w+)$/.exec(mark)?.[1]).find((found) => found !== undefined);
  const interrupted = signal === undefined ? 0 : constants.signals[`SIG${signal}` as NodeJS.Signals];
  return { exit: meta.exit, interrupted, bytes, lines: lines.map((line) => Line.parse(JSON.parse(line))) };
}

async function draw(name: string, chunk = Infinity) {
  const { bytes, exit, interrupted } = read(name);
  const session = new StreamSession(DIALECTS.claude, () => 80);
  const drawn = pieces(bytes, [Math.min(chunk, bytes.length)]).map((piece) => session.stdout(Buffer.from(piece)));
  const { text, verdict } = session.end({ exitCode: exit, signal: 0 }, interrupted);
  const output = (drawn.join('') + text).replaceAll('\n', '\r\n');
  return { output, verdict, lines: await textOf([output], { cols: 80, rows: 24 }) };
}

describe.skipIf(names.length === 0)(
  'sessions of the real claude (skipped where there are no recordings beside the project)',
  () => {
    test.each(names)('%s: every text, call and retry shows once', async (name) => {
      const { lines } = await draw(name);
      const shown = lines.join('\n');
      const said = read(name).lines;
      const content = said.filter((line) => line.type === 'assistant').flatMap((line) => line.message?.content ?? []);
      const final = said.flatMap((line) => line.result ?? []);
      for (const text of new Set([...content.flatMap((block) => block.text ?? []), ...final])) {
        expect(shown.split(text), text).toHaveLength(2);
      }
      const calls = content.filter((block) => block.type === 'tool_use');
      expect(lines.filter((line) => line.startsWith('● '))).toHaveLength(calls.length);
      for (const { attempt } of said.filter((line) => line.subtype === 'api_retry')) {
        expect(lines.filter((line) => line.startsWith(`↻ retry ${attempt ?? ''} of 2`))).toHaveLength(1);
      }
    });

    test.each(names)('%s: its bytes one by one give the same drawing', async (name) => {
      expect((await draw(name, 1)).output).toBe((await draw(name)).output);
    });

    test('the exit code is the truth, where claude itself ends with 0 at SIGINT', async () => {
      const reported = await Promise.all(
        names.map(async (name) => [name, (await draw(name)).verdict.exitCode] as const),
      );
      const own = names.map((name) => [name, name.includes('sigINT') ? 130 : read(name).exit]);
      expect(reported).toEqual(own);
    });

    test('a session with tools reads well', async () => {
      const { lines } = await draw('claude-p-sjpm-tool-pipe');
      expect(lines.slice(1).join('\n')).toMatchInlineSnapshot(`
        "
        I will run three steps first.

        ● Bash(for i in 1 2 3; do echo step $i; sleep 0.3; done)
          ⎿  step 1
             step 2
             step 3

        Now I write the notes.

        ● Write(notes.md)
          ⎿  File created successfully at: /home/user/work/claude-p-sjpm-tool-pipe/note…

        All steps finished:

        - step 1, 2 and 3 ran
        - \`notes.md\` was written

        LOOP_COMPLETE

        ✓ done · 3 turns · 3.6 s · $0.0156 · 3600 tokens in, 62 out"
      `);
    });
  },
);
