/** Looks for a place where a transcript or a screen that was saved and resumed goes on in another way than one that was not. */
import {
  type AlternateScreen,
  frameToAnsi,
  type Line,
  type LiveScreen,
  type RenderChunk,
  Screen,
  type ScreenState,
  Transcript,
  type TranscriptState,
} from '../../src/render/index.js';

interface Size {
  readonly cols: number;
  readonly rows: number;
}

interface Choice {
  readonly alt: AlternateScreen;
  readonly styles: boolean;
}

const CHOICES: readonly Choice[] = (['final', 'diff', 'none'] as const).flatMap((alt) =>
  [true, false].map((styles) => ({ alt, styles })),
);

/** Saves in front of each of the chunks numbered in `at`; says how what follows differs from `chunks` read in one go. */
export function resumeContradiction(
  chunks: readonly RenderChunk[],
  size: Size,
  at: readonly number[],
): string | undefined {
  const savable = new Transcript(size, { savable: true });
  const saved: { readonly at: number; readonly state: TranscriptState }[] = [];
  for (const [index, chunk] of chunks.entries()) {
    if (at.includes(index)) {
      const text = JSON.stringify(savable.save());
      const again = JSON.stringify(Transcript.resume(JSON.parse(text) as TranscriptState, { savable: true }).save());
      if (again !== text) return `saved at chunk ${index}, ${difference(again, text)}`;
      saved.push({ at: index, state: JSON.parse(text) as TranscriptState });
    }
    savable.feed(chunk);
  }
  for (const choice of CHOICES) {
    const whole = new Transcript(size, choice);
    const lines = chunks.flatMap((chunk) => whole.feed(chunk));
    const live = liveText(whole.live());
    lines.push(...whole.end());
    for (const { at: index, state } of saved) {
      const resumed = Transcript.resume(state, choice);
      const rest = chunks.slice(index).flatMap((chunk) => resumed.feed(chunk));
      const liveRest = liveText(resumed.live());
      rest.push(...resumed.end());
      const where = `resumed at chunk ${index} with ${JSON.stringify(choice)}`;
      if (liveRest !== live) return `${where}, live: ${difference(liveRest, live)}`;
      const told = rest.map(lineText).join('\n');
      const expected = lines.slice(state.byAlt[choice.alt].count).map(lineText).join('\n');
      if (told !== expected) return `${where}, lines: ${difference(told, expected)}`;
    }
  }
  return screenContradiction(chunks, size, at);
}

function screenContradiction(chunks: readonly RenderChunk[], size: Size, at: readonly number[]): string | undefined {
  const whole = new Screen(size, { styles: true });
  const resumed: { readonly screen: Screen; readonly where: string }[] = [];
  for (const [index, chunk] of chunks.entries()) {
    if (at.includes(index)) {
      const state = JSON.parse(JSON.stringify(whole.save())) as ScreenState;
      resumed.push({ screen: Screen.resume(state, { styles: true }), where: `screen resumed at chunk ${index}` });
    }
    for (const screen of [whole, ...resumed.map((one) => one.screen)]) screen.feed(chunk);
  }
  const picture = (screen: Screen): string => JSON.stringify([screen.frame(), screen.rows(), screen.normalRows()]);
  const expected = picture(whole);
  for (const { screen, where } of resumed) {
    if (picture(screen) !== expected)
      return `${where}: ${difference(frameToAnsi(screen.frame()), frameToAnsi(whole.frame()))}, ${difference(picture(screen), expected)}`;
    screen.dispose();
  }
  whole.dispose();
  return undefined;
}

function lineText({ text, offset, endOffset, runs }: Line): string {
  return JSON.stringify([text, offset, endOffset, runs]);
}

function liveText(live: LiveScreen): string {
  return JSON.stringify({
    ...live,
    waiting: live.waiting.map(lineText),
    blocks: live.blocks.map(({ id, row, lines }) => [id, row, lines.map(lineText)]),
  });
}

function difference(got: string, expected: string): string {
  let at = 0;
  while (at < got.length && got[at] === expected[at]) at++;
  const from = Math.max(0, at - 80);
  return `${JSON.stringify(got.slice(from, at + 120))} instead of ${JSON.stringify(expected.slice(from, at + 120))}`;
}
