import type { PageLine, PageLink } from './page-data.js';

/**
 * The clean text, a line an element, made as text and never as markup. A long one is made piece by piece, so that the page is
 * there at once.
 */
export class Transcript {
  readonly lines: readonly PageLine[];
  readonly #root: HTMLElement;
  readonly #seek: (ms: number) => void;
  readonly #elements: HTMLElement[] = [];
  #now: HTMLElement | undefined;

  /** `seek` gets the time of a line that the reader wants to see. */
  constructor(root: HTMLElement, lines: readonly PageLine[], seek: (ms: number) => void) {
    this.#root = root;
    this.lines = lines;
    this.#seek = seek;
    this.#makeMore();
    root.addEventListener('click', (event) => {
      const time = event.target instanceof Element ? event.target.closest('button') : null;
      if (time !== null) this.goTo(Number(time.dataset['line']));
    });
    // Of several lines the text alone is copied, a line a line; what is selected within one line is copied as it is.
    root.addEventListener('copy', (event) => {
      const texts = selectedLines();
      if (texts.length < 2) return;
      event.clipboardData?.setData('text/plain', texts.join('\n'));
      event.preventDefault();
    });
  }

  /** The whole of it, each line with a newline. */
  get text(): string {
    return this.lines.map(([, , text]) => `${text}\n`).join('');
  }

  /** The element with the text of a line. */
  textElement(index: number): HTMLElement {
    while (this.#elements.length <= index) this.#makeBlock();
    return this.#elements[index]?.lastElementChild as HTMLElement;
  }

  /** Shows a line, and has the player show its moment. */
  goTo(index: number): void {
    const ms = this.lines[index]?.[0];
    if (ms === undefined) return;
    this.#mark(index, 'center');
    this.#seek(ms);
  }

  /** Marks the line that was last written at `ms`, and brings it into view. */
  follow(ms: number): void {
    this.#mark(this.#lastAt(ms), 'nearest');
  }

  #mark(index: number, block: 'center' | 'nearest'): void {
    const line = index < 0 ? undefined : (this.textElement(index).parentElement ?? undefined);
    if (line === this.#now) return;
    this.#now?.classList.remove('now');
    line?.classList.add('now');
    line?.scrollIntoView({ block });
    this.#now = line;
  }

  #lastAt(ms: number): number {
    let [low, high] = [0, this.lines.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.lines[middle]?.[0] ?? 0) <= ms) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #makeMore(): void {
    if (this.lines.length === 0) this.#makeBlock();
    const end = performance.now() + SLICE_MS;
    while (this.#elements.length < this.lines.length && performance.now() < end) this.#makeBlock();
    if (this.#elements.length < this.lines.length) {
      setTimeout(() => {
        this.#makeMore();
      });
    }
  }

  #makeBlock(): void {
    const block = document.createElement('div');
    block.className = 'block';
    const from = this.#elements.length;
    for (const [at, line] of this.lines.slice(from, from + BLOCK_LINES).entries()) {
      const made = lineElement(line, from + at);
      this.#elements.push(made);
      block.append(made);
    }
    this.#root.append(block);
    if (this.#elements.length >= this.lines.length) this.#root.dataset['made'] = 'all';
  }
}

/** `0:07`, `12:34`, `1:02:03` */
export function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => `${value}`.padStart(2, '0');
  const [minutes, hours] = [Math.floor(seconds / 60) % 60, Math.floor(seconds / 3600)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function lineElement([ms, offset, text, links = []]: PageLine, index: number): HTMLElement {
  const line = document.createElement('div');
  const time = document.createElement('button');
  time.textContent = clockTime(ms);
  time.title = `byte ${offset} of the recording; click to see it`;
  time.dataset['line'] = `${index}`;
  const words = document.createElement('span');
  words.append(...wordsOf(text, links));
  line.append(time, words);
  return line;
}

/** The text, in pieces where some of them lead somewhere. */
function wordsOf(text: string, links: readonly PageLink[]): readonly (HTMLElement | string)[] {
  const words: (HTMLElement | string)[] = [];
  let at = 0;
  for (const [start, end, uri] of links) {
    const link = document.createElement('a');
    link.textContent = text.slice(start, end);
    link.href = uri;
    link.title = uri;
    link.rel = 'noreferrer';
    words.push(text.slice(at, start), link);
    at = end;
  }
  return [...words, text.slice(at)];
}

function selectedLines(): readonly string[] {
  const selection = getSelection();
  if (selection === null || selection.rangeCount === 0) return [];
  const spans = selection.getRangeAt(0).cloneContents().querySelectorAll('span');
  return Array.from(spans, (span) => span.textContent);
}

/** What a browser lays out only when it is scrolled to. */
const BLOCK_LINES = 200;
/** A frame, and room in it for the player. */
const SLICE_MS = 8;
