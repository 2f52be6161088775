import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { fakeAgents } from '../fixtures/fake-agents.js';
import { type PipedRun, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/**
 * Stands in for any agent: keeps the prompt it was given, by whichever way, and how that was. A stream is not one without a result, for
 * each agent its own, which says nothing to the others.
 */
const KEEPS_PROMPT = String.raw`
by=nothing
while [ $# -gt 0 ]; do
  case $1 in
    --) by=argument; printf %s "$2" > "$FAKE_FOLDER/prompt"; break ;;
    --prompt=*) by=argument; printf %s "${'${1#--prompt=}'}" > "$FAKE_FOLDER/prompt" ;;
    --prompt-file) by=file; cat "$2" > "$FAKE_FOLDER/prompt" ;;
  esac
  shift
done
[ $by != nothing ] || [ -t 0 ] || { by=stdin; cat > "$FAKE_FOLDER/prompt"; }
printf %s $by > "$FAKE_FOLDER/by"
echo '{"type":"result","subtype":"success","is_error":false,"exitCode":0}'
echo '{"type":"message_end","message":{"role":"assistant","stopReason":"stop"}}'
echo '{"type":"agent_settled"}'
`;

const OF_ONES_OWN = `
backends:
  by-argument: { command: [mine, --, "{prompt}"] }
  by-file: { command: [mine, --prompt-file, "{promptFile}"] }
`;

/** An argument of a program is at most 128 KiB on Linux: orch hands over by a file what has more than 100,000 bytes. */
const PROMPTS: Readonly<Record<string, string>> = {
  'what a shell would read':
    '"double" \'single\' `back` $(false) $HOME ${x} \\ \\n \\\\ * ? ~ ! # & ; | < > %s {prompt}',
  'a leading dash': '- [ ] --help -p --until=X --',
  'lines, tabs, and blanks at both ends': ' \t first\n\n\tsecond\r\nthird \t\n\n',
  'letters of all sizes': 'é ü 日本語 🚀 👩🏽‍💻 \u202eright to left\u202c \u00ad',
  '100,001 bytes': `${'日本 "x" $(y)\n'.repeat(6250)}.`,
  'a megabyte': `- ${'[ ] \\ "日本" 🚀\t$(x)\n'.repeat(40_000)} `,
};

interface Way {
  readonly backend: string;
  readonly mode: string;
  /** How a prompt gets there that can be an argument, and how one that is too long, unless that is `refused`. */
  readonly by: readonly [string, string];
}

const WAYS: readonly Way[] = [
  { backend: 'claude', mode: 'native', by: ['argument', 'stdin'] },
  { backend: 'claude', mode: 'stream', by: ['argument', 'stdin'] },
  { backend: 'claude', mode: 'print', by: ['argument', 'stdin'] },
  { backend: 'opencode', mode: 'run', by: ['stdin', 'stdin'] },
  { backend: 'opencode', mode: 'tui', by: ['stdin', 'stdin'] },
  { backend: 'codex', mode: 'exec', by: ['argument', 'stdin'] },
  { backend: 'gemini', mode: 'print', by: ['argument', 'stdin'] },
  { backend: 'copilot', mode: 'stream', by: ['argument', 'stdin'] },
  { backend: 'copilot', mode: 'print', by: ['argument', 'stdin'] },
  { backend: 'qwen', mode: 'stream', by: ['argument', 'stdin'] },
  { backend: 'qwen', mode: 'print', by: ['argument', 'stdin'] },
  { backend: 'pi', mode: 'stream', by: ['argument', 'stdin'] },
  { backend: 'pi', mode: 'print', by: ['argument', 'stdin'] },
  { backend: 'by-argument', mode: 'run', by: ['argument', 'refused'] },
  { backend: 'by-file', mode: 'run', by: ['file', 'file'] },
];

/** Runs an agent on a prompt, given as an argument where the system passes that on, else in a file. */
function ask(folder: string, { backend, mode }: Pick<Way, 'backend' | 'mode'>, prompt: string): Promise<PipedRun> {
  const PATH = fakeAgents(folder, {
    claude: KEEPS_PROMPT,
    opencode: KEEPS_PROMPT,
    codex: KEEPS_PROMPT,
    gemini: KEEPS_PROMPT,
    copilot: KEEPS_PROMPT,
    qwen: KEEPS_PROMPT,
    pi: KEEPS_PROMPT,
    mine: KEEPS_PROMPT,
  });
  writeFileSync(join(folder, 'orch.yml'), OF_ONES_OWN);
  const file = join(folder, 'given.md');
  writeFileSync(file, prompt);
  const words = Buffer.byteLength(prompt) > 120_000 ? ['--prompt-file', file] : ['--', prompt];
  return runOrch(['run', '-q', '--dir', join(folder, 'a'), '-b', backend, '--mode', mode, ...words], {
    cwd: folder,
    env: { PATH, FAKE_FOLDER: folder },
  });
}

describe.each(WAYS)('$backend $mode', (way) => {
  test.concurrent.each(Object.entries(PROMPTS))('is given the prompt byte for byte: %s', async (_, prompt) => {
    using folder = temporaryFolder();
    const { code, stderr } = await ask(folder.path, way, prompt);
    const bytes = Buffer.byteLength(prompt);
    const by = way.by[bytes > 100_000 ? 1 : 0];
    // One that knows no other way takes as much as the system does.
    if (by === 'refused' && bytes > 128 * 1024) {
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^orch: argument 2 has \d+ bytes, .* — .*file.*\n$/)]);
      expect(existsSync(join(folder.path, 'a'))).toBe(false);
      return;
    }
    expect([code, stderr]).toEqual([0, '']);
    expect(readFileSync(join(folder.path, 'by'), 'utf8')).toBe(by === 'refused' ? 'argument' : by);
    // Not toEqual: what differs in a megabyte nobody wants to be shown.
    expect(readFileSync(join(folder.path, 'prompt')).equals(Buffer.from(prompt))).toBe(true);
  });
});

// The demo reads its prompt itself; what orch can do wrong is to hand over another.
test.concurrent.each(Object.entries(PROMPTS))('the demo is given the prompt byte for byte: %s', async (_, prompt) => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'given.md');
  writeFileSync(file, prompt);
  const run = await runOrch([
    'run',
    '-q',
    '--dir',
    join(folder.path, 'a'),
    '-b',
    'demo',
    '--speed',
    '0',
    '--prompt-file',
    file,
  ]);
  expect([run.code, run.stderr]).toEqual([0, '']);
  const { manifest, folder: task } = onlyTask(join(folder.path, 'a'));
  const given =
    Buffer.byteLength(prompt) > 100_000 ? readFileSync(join(task, 'prompt.txt'), 'utf8') : manifest.argv.at(-1);
  expect(given === prompt).toBe(true);
});
