/**
 * Real programs that draw again what they drew, by exact version where they come from npm: what a transcript has of
 * them is what tmux has, less the redraws.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { textOf } from '../render/text-of.js';
import { hasTmux, ResizedTmux, tmuxLines } from '../render/tmux.js';
import { canInstallWithApt, hasPackages, packageFile, pythonWith } from './installed.js';
import { runProgram, runResized, type Session } from './session.js';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'orch-programs-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

async function linesOf(session: Session): Promise<readonly string[]> {
  return textOf([session.output], session);
}

/** Each line is one of tmux's, as often as there at most, but for lines without letters. */
function expectLinesOfTmux(lines: readonly string[], session: Session): void {
  if (!hasTmux) return;
  const left = new Map<string, number>();
  for (const line of tmuxLines(keepingHistory(session.output), session)) left.set(line, (left.get(line) ?? 0) + 1);
  for (const line of lines.filter((text) => /\p{L}/u.test(text))) {
    const count = left.get(line) ?? 0;
    expect(count, `${JSON.stringify(line)} is in tmux's history`).toBeGreaterThan(0);
    left.set(line, count - 1);
  }
}

/** The same for a terminal that is to keep what was cleared: no ED 3, and ED 2 for RIS. */
function keepingHistory(output: Uint8Array): Uint8Array {
  const text = Buffer.from(output).toString('latin1');
  return Buffer.from(text.replaceAll('\x1b[3J', '').replaceAll('\x1bc', '\x1b[2J\x1b[H'), 'latin1');
}

const node = packageFile('node', 'bin', 'node');

/** Runs a watcher that reads `name`, and writes the next of `sources` there each time it says that it waits. */
async function watch(
  command: readonly string[],
  name: string,
  sources: readonly string[],
  waits: string,
): Promise<Session> {
  const file = join(cwd, name);
  writeFileSync(file, sources[0] ?? '');
  let runs = 0;
  return runProgram(command, {
    cols: 80,
    rows: 24,
    cwd,
    stop: (text) => {
      const ended = text.split(waits).length - 1;
      if (ended === runs) return false;
      runs = ended;
      const next = sources[runs];
      if (next === undefined) return true;
      // A watcher that is told of a change in the second of its last run may take it for the same one.
      setTimeout(() => {
        writeFileSync(file, next);
      }, CHANGE_MS);
      return false;
    },
  });
}

const CHANGE_MS = 1100;

describe.skipIf(!hasPackages)('from npm (skipped without `npm run test:programs`)', () => {
  const ink = `
import { createElement as e, Fragment, useEffect, useState } from ${JSON.stringify(packageFile('react', 'index.js'))};
import { Box, Static, Text, render, useApp } from ${JSON.stringify(packageFile('ink', 'build', 'index.js'))};
function App({ height }) {
  const [step, setStep] = useState(0);
  const { exit } = useApp();
  useEffect(() => {
    const timer = setTimeout(() => (step === 20 ? exit() : setStep(step + 1)), 20);
    return () => clearTimeout(timer);
  }, [step]);
  const passed = Array.from({ length: step }, (_, n) => 'PASS test number ' + n);
  const panel = Array.from({ length: height - 2 }, (_, n) => e(Text, { key: n }, n === 1 ? 'step ' + step : 'panel ' + 'abcdefghijklm'[n]));
  return e(Fragment, null,
    e(Static, { items: passed }, (line) => e(Text, { key: line, color: 'green' }, line)),
    e(Box, { flexDirection: 'column', borderStyle: 'round', width: 30 }, ...panel));
}
render(e(App, { height: Number(process.argv[2]) }));
`;

  test.each([5, 9, 10, 13])('ink with a frame of %d rows on a screen of 10', async (height) => {
    writeFileSync(join(cwd, 'app.mjs'), ink);
    const session = await runProgram([node, 'app.mjs', String(height)], { cols: 80, rows: 10, cwd });
    const lines = await linesOf(session);
    expect(lines.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, n) => `PASS test number ${n}`));
    expect(lines).toHaveLength(20 + height);
    expect(lines.filter((line) => line.includes('step'))).toEqual([expect.stringContaining('step 20')]);
    expectLinesOfTmux(lines, session);
  });

  test('tsc --watch', async () => {
    writeFileSync(
      join(cwd, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { strict: true, noEmit: true, types: [] }, include: ['a.ts'] }),
    );
    const sources = [
      'export const a: number = "one";',
      'export const b: string = 2;',
      'export const c = 3;',
      'export const d = missing;',
    ];
    const command = [node, packageFile('typescript', 'bin', 'tsc'), '--watch'];
    const session = await watch(command, 'a.ts', sources, 'Watching for file changes');
    const lines = await linesOf(session);
    expect(lines.filter((line) => line.includes('error TS'))).toEqual([
      expect.stringContaining("Type 'string' is not assignable to type 'number'"),
      expect.stringContaining("Type 'number' is not assignable to type 'string'"),
      expect.stringContaining("Cannot find name 'missing'"),
    ]);
    expect(lines.filter((line) => line.includes('Watching for file changes'))).toHaveLength(4);
    expectLinesOfTmux(lines, session);
  });

  test('vitest --watch', async () => {
    writeFileSync(join(cwd, 'package.json'), '{"type":"module"}');
    const source = (name: string, sum: number): string =>
      `import { test, expect } from 'vitest';\ntest('adds ${name}', () => { expect(1 + ${sum}).toBe(3); });\n`;
    const sources = [source('one', 1), source('two', 2), source('three', 3)];
    const command = [node, packageFile('vitest', 'vitest.mjs'), '--watch', '--root', cwd, '--dir', cwd];
    const session = await watch(command, 'sum.test.js', sources, 'to show help');
    const lines = await linesOf(session);
    expect(lines.filter((line) => line.includes('AssertionError'))).toEqual([
      expect.stringContaining('expected 2 to be 3'),
      expect.stringContaining('expected 4 to be 3'),
    ]);
    expectLinesOfTmux(lines, session);
  });
});

const rich = pythonWith('rich');

describe.skipIf(rich === undefined)('rich (skipped without python3-rich)', () => {
  const live = `
import sys
from rich.console import Console
from rich.live import Live
console = Console(force_terminal=True)
def frame(rows):
    return '\\n'.join(f'row {chr(97 + row)} of the table' for row in range(rows))
with Live(frame(1), console=console, vertical_overflow='visible', auto_refresh=False) as live:
    for rows in range(2, int(sys.argv[1]) + 1):
        if rows % 4 == 0: live.console.print(f'finished part {rows}')
        live.update(frame(rows), refresh=True)
print('all done')
`;

  test.each([6, 10, 16, 25])('a live table that grows to %d rows on a screen of 10', async (height) => {
    writeFileSync(join(cwd, 'live.py'), live);
    const session = await runProgram([rich ?? '', 'live.py', String(height)], { cols: 80, rows: 10, cwd });
    const lines = await linesOf(session);
    const parts = Array.from({ length: Math.floor(height / 4) }, (_, n) => `finished part ${(n + 1) * 4}`);
    const rows = Array.from({ length: height }, (_, n) => `row ${String.fromCharCode(97 + n)} of the table`);
    expect(lines.filter((line) => line.startsWith('finished'))).toEqual(parts);
    expect(lines.filter((line) => line.startsWith('row'))).toEqual(rows);
    expect(lines).toHaveLength(parts.length + rows.length + 1);
    expectLinesOfTmux(lines, session);
  });
});

const tqdm = pythonWith('tqdm');

describe.skipIf(tqdm === undefined)('tqdm (skipped without python3-tqdm)', () => {
  test('two bars with lines written above them', async () => {
    const program = `
from tqdm import tqdm
for part in range(3):
    for step in tqdm(range(50), desc=f'part {part}', mininterval=0):
        if step == 20: tqdm.write(f'halfway through part {part}')
`;
    writeFileSync(join(cwd, 'bars.py'), program);
    const session = await runProgram([tqdm ?? '', 'bars.py'], { cols: 80, rows: 10, cwd });
    const lines = await linesOf(session);
    expect(lines.map((line) => line.replace(/:\s.*/, ''))).toEqual(
      [0, 1, 2].flatMap((part) => [`halfway through part ${part}`, `part ${part}`]),
    );
    expectLinesOfTmux(lines, session);
  });

  const resized = `
import os, sys, time
from tqdm import tqdm
widths = [int(width) for width in sys.argv[2:]]
for part in range(2):
    with tqdm(total=40, desc=f'part {part}', mininterval=0, dynamic_ncols=sys.argv[1] == 'follows') as bar:
        for step in range(40):
            if step == 10: tqdm.write(f'some of part {part}')
            if step == 20:
                bar.set_description(f'waiting {part}')
                print(end='\\a', file=sys.stderr, flush=True)
                cols = widths.pop(0)
                while os.get_terminal_size(sys.stderr.fileno()).columns != cols: time.sleep(0.005)
                bar.set_description(f'part {part}')
            if step == 30: tqdm.write(f'most of part {part}')
            bar.update()
print('all done')
`;

  test.skipIf(!hasTmux).each([
    ['follows', 50, 80],
    ['follows', 100, 80],
    ['follows', 79, 81],
    ['keeps its width', 50, 80],
    ['keeps its width', 100, 80],
  ])('a bar that %s while the terminal gets %i and %i columns is what tmux has', async (kind, ...widths) => {
    writeFileSync(join(cwd, 'bars.py'), resized);
    const { chunks, ...size } = await runResized([tqdm ?? '', 'bars.py', kind, ...widths.map(String)], {
      cols: 80,
      rows: 10,
      cwd,
      sign: /\x07/,
      sizes: widths.map((cols) => ({ cols, rows: 10 })),
    });
    const lines = await textOf(
      chunks.map((chunk) => (chunk instanceof Uint8Array ? chunk : { type: 'resize', ...chunk })),
      size,
    );
    using tmux = new ResizedTmux();
    const steps = chunks.map((chunk) => (chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : chunk));
    expect(steps.filter((step) => typeof step !== 'string')).toHaveLength(2);
    expect(lines).toEqual(tmux.run(size, steps));
    expect(lines.slice(0, 1)).toEqual(['some of part 0']);
    expect(lines.at(-1)).toBe('all done');
  });
});

describe.skipIf(!canInstallWithApt)("apt's fancy progress (skipped but for root with ORCH_PROGRAMS_APT=1)", () => {
  test('installs a package, and leaves nothing of its bar', async () => {
    const command = ['apt-get', 'install', '--reinstall', '-y', '-o', 'Dpkg::Progress-Fancy=1', 'hostname'];
    const session = await runProgram(command, { cols: 80, rows: 10, cwd });
    const lines = await linesOf(session);
    expect(lines.filter((line) => /^Setting up hostname/.test(line))).toHaveLength(1);
    expect(Buffer.from(session.output).toString()).toContain('Progress: [');
    expect(lines.filter((line) => line.includes('Progress:'))).toEqual([]);
    expectLinesOfTmux(lines, session);
  });
});
