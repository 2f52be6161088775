import { itemAt } from '../core/items/element-at.js';
import { displayWidth } from '../core/terminal/display-width.js';
import {
  SPINNER,
  bar,
  beginUpdate,
  bold,
  box,
  cyan,
  dim,
  endUpdate,
  eraseLine,
  green,
  hideCursor,
  magenta,
  rows,
  showCursor,
  yellow,
} from '../core/terminal/drawing.js';

/** One thing the demo does: print bytes, let time pass, or call a real program and show what it says. */
export type Step =
  | { readonly type: 'print'; readonly text: string }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'call'; readonly file: string; readonly args: readonly string[]; readonly indent: string };

/** The demo's default prompt. */
export const DEFAULT_PROMPT = 'Show me everything a terminal agent draws';

/** Text reads well up to this many columns, however wide the terminal is. */
const MAX_COLUMNS = 72;
/** Below this nothing can be laid out; a narrower terminal wraps. */
const MIN_COLUMNS = 34;

const WORD_MS = 40;
const FRAME_MS = 80;

/**
 * The whole performance, about 8,000 ms of it: the same steps for the same prompt and width. `columns` is asked before
 * each drawing, so that a resize is followed.
 */
export function* demoScript(prompt: string, columns: () => number): Generator<Step> {
  const width = (): number => Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, columns()));
  yield print(`\n${bold(magenta('◆ demo agent'))} ${dim('· scripted, offline')}\n\n`);
  yield print(`${dim('›')} ${summary(prompt, 3 * width())}\n\n`);
  yield* think(prompt);
  yield* answer(width);
  yield* index(width);
  yield* pull(width, columns);
  yield* callTool();
  yield* plan(width, columns);
  yield* stream('**Done.** Not a byte of this is lost: what was drawn over is in the recording too. ✅', width());
  yield print('\nLOOP_COMPLETE\n');
}

/** A spinner with a label, gone without a trace when it has done its work. */
function* think(prompt: string): Generator<Step> {
  yield print(hideCursor);
  for (let frame = 0; frame < 14; frame += 1) {
    yield print(`${eraseLine}${cyan(spinner(frame))} Thinking… ${dim(`${((frame * FRAME_MS) / 1000).toFixed(1)} s`)}`);
    yield wait(FRAME_MS);
  }
  const words = prompt.trim().split(/\s+/).length;
  yield print(
    `${eraseLine}${showCursor}${green('✓')} Read the prompt ${dim(`(${words} ${words === 1 ? 'word' : 'words'})`)}\n\n`,
  );
}

/** Markdown, streamed word by word, with what makes columns hard to count. */
function* answer(width: () => number): Generator<Step> {
  yield print(`${bold(cyan('## A session, as agents draw it'))}\n\n`);
  yield* stream(
    'Agents **stream** their answers word by word, then go back and **draw over** them: spinners, bars, boxes. ' +
      'The raw log keeps `every byte`; the clean text shows `each line once`.',
    width(),
  );
  yield print('\n');
  yield* stream('**Wide text** stays in its columns: 你好，世界 · こんにちは · 안녕하세요', width(), '- ');
  yield* stream('**Emoji** too: 🚀 launched, 📦 packed, 🔍 found', width(), '- ');
  yield* stream('**Accents** and signs: naïve café, ½ ≤ π ≈ 3.14', width(), '- ');
  yield print('\n');
  for (const line of ['for (const byte of session) {', '  keep(byte);', '}']) {
    yield print(`  ${dim('│')} ${yellow(line)}\n`);
    yield wait(2 * WORD_MS);
  }
  yield print('\n');
}

/** One bar on one line, redrawn from its start by a carriage return. */
function* index(width: () => number): Generator<Step> {
  for (let percent = 0; percent <= 100; percent += 5) {
    const size = Math.min(30, width() - 20);
    yield print(`\r  Indexing ${bar(percent / 100, size)} ${percent.toString().padStart(3)} %`);
    yield wait(FRAME_MS / 2);
  }
  yield print('\n\n');
}

/** Several bars at once: back up over all of them, then redraw each line. */
function* pull(width: () => number, columns: () => number): Generator<Step> {
  const downloads = [
    { name: 'grammar', frames: 8 },
    { name: 'symbols', frames: 18 },
    { name: 'tests', frames: 13 },
  ];
  let shown: string[] = [];
  for (let frame = 0; frame <= 18; frame += 1) {
    const size = Math.min(24, width() - 24);
    const lines = downloads.map(({ name, frames }) => {
      const done = Math.min(1, frame / frames);
      return `  ${name.padEnd(8)} ${done < 1 ? `${bar(done, size)} loading` : `${green('✓')} loaded`}`;
    });
    const up = shown.length === 0 ? '' : `\x1b[${rows(shown, columns())}A`;
    yield print(up + lines.map((line) => `${eraseLine}${line}\n`).join(''));
    shown = lines;
    yield wait(FRAME_MS / 2);
  }
  yield print('\n');
}

/** Starts a real program, and shows its output. */
function* callTool(): Generator<Step> {
  yield print(`${green('●')} ${bold('Run')}(uname -sm)\n`);
  yield wait(5 * FRAME_MS);
  yield { type: 'call', file: 'uname', args: ['-sm'], indent: `  ${dim('⎿')}  ` };
  yield print('\n');
}

/** A framed list redrawn as `Ink` does it: every row erased upwards, all of it printed again, in one synchronized update. */
function* plan(width: () => number, columns: () => number): Generator<Step> {
  const tasks = ['Read the code', 'Run the tests', 'Write it down'];
  const framesEach = 5;
  let shown: string[] = [];
  yield print(hideCursor);
  for (let frame = 0; frame <= tasks.length * framesEach; frame += 1) {
    const current = Math.floor(frame / framesEach);
    const lines = tasks.map((task, place) => {
      if (place < current) return `${green('✓')} ${task}`;
      return place === current ? `${cyan(spinner(frame))} ${bold(task)}` : dim(`○ ${task}`);
    });
    const frameLines = box('Plan', lines, Math.min(44, width() - 1));
    const erase = '\x1b[1A\x1b[2K'.repeat(shown.length === 0 ? 0 : rows(shown, columns()));
    yield print(`${beginUpdate}${erase}\x1b[G${frameLines.join('\n')}\n${endUpdate}`);
    shown = frameLines;
    yield wait(FRAME_MS);
  }
  yield print(`${showCursor}\n`);
}

/** Markdown of one paragraph, word by word, wrapped at `width`; lines after the first are indented under `bullet`. */
function* stream(markdown: string, width: number, bullet = ''): Generator<Step> {
  const style = inlineStyle();
  let column = displayWidth(bullet);
  yield print(bullet);
  for (const [place, word] of markdown.split(' ').entries()) {
    const size = displayWidth(word.replace(/\*\*|`/g, ''));
    const breaks = place > 0 && column + 1 + size > width;
    const lead = place === 0 ? '' : breaks ? `\n${' '.repeat(displayWidth(bullet))}` : ' ';
    column = breaks ? displayWidth(bullet) + size : column + lead.length + size;
    yield print(lead + style(word));
    yield wait(WORD_MS);
  }
  yield print('\n');
}

/** Turns the marks of markdown into styles, across the words they span: `**` bold, a backquote code. */
function inlineStyle(): (word: string) => string {
  const open = new Set<string>();
  return (word) =>
    word.replace(/\*\*|`/g, (mark) => {
      const [on, off] = mark === '**' ? ['\x1b[1m', '\x1b[22m'] : ['\x1b[36m', '\x1b[39m'];
      if (open.delete(mark)) return off;
      open.add(mark);
      return on;
    });
}

/** A prompt on one line, without control characters, cut at `limit` cells: a prompt may be a whole file. */
function summary(prompt: string, limit: number): string {
  const line = prompt
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
  let shown = '';
  for (const character of line) {
    if (displayWidth(shown) >= limit) return `${shown}…`;
    shown += character;
  }
  return shown;
}

const spinner = (frame: number): string => itemAt(SPINNER, frame % SPINNER.length);
const print = (text: string): Step => ({ type: 'print', text });
const wait = (ms: number): Step => ({ type: 'wait', ms });
