import type { Chapter, PageData } from './page-data.js';
import { element, unpack } from './packed.js';
import { play } from './play.js';
import { Search } from './search.js';
import { clockTime, Transcript } from './transcript.js';

/** How often the line that was just written is marked, ms. */
const FOLLOW_MS = 250;
/** What an arrow key goes, as in the player itself. */
const STEP_SECONDS = 5;

const [cast, json] = await Promise.all([unpack('cast'), unpack('data')]);
const { lines, chapters } = JSON.parse(json) as PageData;
const player = play(cast);
const transcript = new Transcript(element('lines'), lines, (ms) => void player.seek(ms / 1000));
const search = new Search(transcript);
let isPlaying = false;

player.addEventListener('playing', () => {
  isPlaying = true;
});
for (const end of ['pause', 'ended'] as const) {
  player.addEventListener(end, () => {
    isPlaying = false;
  });
}
setInterval(() => {
  if (isPlaying) transcript.follow(player.getCurrentTime() * 1000);
}, FOLLOW_MS);

element('copy').addEventListener('click', () => {
  void navigator.clipboard.writeText(transcript.text);
});
// The only iteration is all of it.
if (chapters.length > 1) for (const chapter of chapters) element('chapters').append(chapterButton(chapter));

document.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  const isTaken = event.target instanceof Element && event.target.closest('input, button, .ap-wrapper') !== null;
  if (event.key === '/' && !(event.target instanceof HTMLInputElement)) search.focus();
  else if (isTaken) return;
  else if (event.key === ' ') void (isPlaying ? player.pause() : player.play());
  else if (event.key === 'ArrowLeft') void player.seek(Math.max(0, player.getCurrentTime() - STEP_SECONDS));
  else if (event.key === 'ArrowRight') void player.seek(player.getCurrentTime() + STEP_SECONDS);
  else return;
  event.preventDefault();
});

function chapterButton({ ms, name }: Chapter): HTMLElement {
  const button = document.createElement('button');
  button.textContent = `${name} · ${clockTime(ms)}`;
  button.addEventListener('click', () => {
    void player.seek(ms / 1000);
    transcript.follow(ms);
  });
  return button;
}
