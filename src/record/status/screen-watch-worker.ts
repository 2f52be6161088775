// The thread behind ScreenWatch: draws output on a screen, and answers which status it shows.
import { serveWorker } from '../../core/worker/serve-worker.js';
import type { Row } from '../../render/model/row.js';
import { Screen } from '../../render/screen/screen.js';
import { type ReadLine, LineFinder } from './said-lines.js';
import { compilePatterns, meaningOf } from './screen-patterns.js';
import { SCREEN_WATCH_PROTOCOL } from './screen-watch-protocol.js';

serveWorker(SCREEN_WATCH_PROTOCOL, ({ size, patterns, prompt }) => {
  const compiled = compilePatterns(patterns);
  const screen = new Screen(size);
  const finder = new LineFinder((text, around) => meaningOf(text, around, compiled), prompt);
  return (request) => {
    screen.write(request.bytes);
    screen.resize(request.size);
    // Of several matches on the screen, the lowest is the newest.
    const last = [...finder.find(lines(screen.rows()))].at(-1);
    return last === undefined ? null : { status: last.what, text: last.text };
  };
});

/** Joins rows that the terminal wrapped. */
function lines(rows: readonly Row[]): readonly ReadLine[] {
  const found: { text: string }[] = [];
  for (const { text, wrapped } of rows) {
    const last = found.at(-1);
    if (wrapped && last !== undefined) last.text += text;
    else found.push({ text });
  }
  return found;
}
