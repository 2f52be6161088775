// The thread behind SignWatch: a screen that takes in what it is sent, and says which sign stands on it.
import { parentPort, workerData } from 'node:worker_threads';
import type { Row } from '../../render/model/row.js';
import { Screen } from '../../render/screen/screen.js';
import { type ReadLine, LineFinder } from './said-lines.js';
import { compileSigns, signIn } from './screen-patterns.js';
import type { Sign, SignRequest, SignWork } from './sign-watch.js';

const { size, signs, prompt } = workerData as SignWork;
const compiled = compileSigns(signs);
const screen = new Screen(size);
const finder = new LineFinder((text, around) => signIn(text, around, compiled), prompt);

parentPort?.on('message', (request: SignRequest) => {
  screen.write(request.bytes);
  screen.resize(request.size);
  // Where several stand on the screen, the lowest is the newest.
  const sign = [...finder.find(lines(screen.rows()))].at(-1)?.what ?? null;
  parentPort?.postMessage(sign satisfies Sign);
});

/** Rows that the terminal wrapped are a line. */
function lines(rows: readonly Row[]): readonly ReadLine[] {
  const found: { text: string }[] = [];
  for (const { text, wrapped } of rows) {
    const last = found.at(-1);
    if (wrapped && last !== undefined) last.text += text;
    else found.push({ text });
  }
  return found;
}
