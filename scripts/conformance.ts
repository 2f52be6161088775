/**
 * Runs public terminal suites through the engine: `npm run conformance -- DIR [--verbose]`.
 *
 * DIR holds suites, or is one: a folder with index.tsv (case, input, cols, rows, expected, scope, eol, note), inputs and
 * expected text. Prints the passes of each suite and every failing case, with the reason where the difference is known.
 * Exits 1 where a case fails that is not.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanText, type Row, Screen } from '../src/render/index.js';
import { LineAssembler } from '../src/render/transcript/line-assembler.js';
import { KNOWN_DIFFERENCES } from './conformance-differences.js';

interface Case {
  readonly suite: string;
  readonly name: string;
  readonly input: Uint8Array;
  readonly cols: number;
  readonly rows: number;
  readonly expected: readonly string[];
  readonly scope: string;
}

/** The cases of the suite in `folder`, as its index.tsv has them. */
function readSuite(folder: string, suite: string): readonly Case[] {
  const [header = '', ...lines] = readFileSync(join(folder, 'index.tsv'), 'utf8').trimEnd().split('\n');
  const columns = header.split('\t');
  return lines.map((line) => {
    const fields = line.split('\t');
    const field = (name: string): string => fields[columns.indexOf(name)] ?? '';
    const raw = readFileSync(join(folder, field('input')));
    return {
      suite,
      name: field('case'),
      input: field('eol') === 'onlcr' ? addCarriageReturns(raw) : raw,
      cols: Number(field('cols')),
      rows: Number(field('rows')),
      expected: trimmed(readFileSync(join(folder, field('expected')), 'utf8').split('\n')),
      scope: field('scope'),
    };
  });
}

/** What the engine makes of a case, in the scope its suite compares. */
async function actual({ input, cols, rows, scope }: Case): Promise<readonly string[]> {
  if (scope === 'transcript') {
    const lines: string[] = [];
    for await (const line of cleanText([input], { cols, rows })) lines.push(line.text);
    return trimmed(lines);
  }
  const history: Row[] = [];
  const screen = new Screen({ cols, rows }, { observer: { scrolledOff: (left) => history.push(...left) } });
  screen.write(input);
  screen.end();
  const all = /^all:(\d+)$/.exec(scope);
  const shown = all === null ? screen.rows() : [...history.slice(-Number(all[1])), ...screen.rows()];
  screen.dispose();
  if (scope !== 'screenjoined') return trimmed(shown.map((row) => row.text));
  const assembler = new LineAssembler();
  assembler.addScreen(shown);
  return trimmed(assembler.take().map((line) => line.text));
}

function trimmed(lines: readonly string[]): readonly string[] {
  const ends = lines.map((line) => line.trimEnd());
  return ends.slice(0, ends.findLastIndex((line) => line !== '') + 1);
}

function addCarriageReturns(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}

async function main(argv: readonly string[]): Promise<number> {
  const verbose = argv.includes('--verbose');
  const root = argv.find((argument) => !argument.startsWith('-'));
  if (root === undefined || !existsSync(root)) {
    console.error('usage: npm run conformance -- DIR [--verbose]   (DIR holds suites, each with an index.tsv)');
    return 2;
  }
  let unexplained = 0;
  for (const [suite, folder] of suitesOf(root)) {
    const cases = readSuite(folder, suite);
    const failures: string[] = [];
    for (const one of cases) {
      const got = await actual(one);
      if (got.join('\n') === one.expected.join('\n')) continue;
      const reason = KNOWN_DIFFERENCES[`${suite}/${one.name}`];
      if (reason === undefined) unexplained++;
      failures.push(`  ${one.name}: ${reason ?? 'no known reason'}${verbose ? difference(one.expected, got) : ''}`);
    }
    console.log(`${suite}: ${cases.length - failures.length}/${cases.length}`);
    for (const failure of failures) console.log(failure);
  }
  return unexplained === 0 ? 0 : 1;
}

function suitesOf(root: string): readonly (readonly [string, string])[] {
  if (existsSync(join(root, 'index.tsv'))) return [[root.replace(/\/+$/, '').split('/').at(-1) ?? root, root]];
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, 'index.tsv')))
    .sort()
    .map((name) => [name, join(root, name)] as const);
}

function difference(expected: readonly string[], got: readonly string[]): string {
  const out: string[] = [''];
  for (let at = 0; at < Math.max(expected.length, got.length) && out.length < 20; at++) {
    if (expected[at] === got[at]) continue;
    out.push(
      `    ${at + 1} expected ${JSON.stringify(expected[at])}`,
      `    ${at + 1} got      ${JSON.stringify(got[at])}`,
    );
  }
  return out.join('\n');
}

process.exitCode = await main(process.argv.slice(2));
