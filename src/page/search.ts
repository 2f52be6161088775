import { element } from './packed.js';
import type { Transcript } from './transcript.js';

/** Searching the clean text: all places are marked, and one after the other is gone to. */
export class Search {
  readonly #transcript: Transcript;
  readonly #field = element('query') as HTMLInputElement;
  readonly #count = element('count');
  /** The lines that have it, in order, and which of those is looked at. */
  #hits: readonly number[] = [];
  #at = -1;

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
    this.#field.addEventListener('input', () => {
      this.#search();
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#go(event.shiftKey ? -1 : 1);
      else if (event.key === 'Escape') this.#leave();
      else return;
      event.preventDefault();
    });
    element('next').addEventListener('click', () => {
      this.#go(1);
    });
    element('previous').addEventListener('click', () => {
      this.#go(-1);
    });
  }

  focus(): void {
    this.#field.focus();
    this.#field.select();
  }

  #search(): void {
    const wanted = this.#field.value.toLowerCase();
    const lines = this.#transcript.lines;
    this.#hits =
      wanted === '' ? [] : lines.flatMap(([, , text], at) => (text.toLowerCase().includes(wanted) ? [at] : []));
    this.#at = -1;
    this.#mark();
    this.#tell();
  }

  #go(step: 1 | -1): void {
    const { length } = this.#hits;
    if (length === 0) return;
    this.#at = this.#at < 0 ? (step > 0 ? 0 : length - 1) : (this.#at + step + length) % length;
    const hit = this.#hits[this.#at] ?? 0;
    this.#transcript.goTo(hit);
    this.#mark(this.#transcript.textElement(hit));
    this.#tell();
  }

  #leave(): void {
    this.#field.value = '';
    this.#field.blur();
    this.#search();
  }

  /** Without touching the text, so that it stays what is copied. */
  #mark(present?: HTMLElement): void {
    const wanted = this.#field.value.toLowerCase();
    const texts = this.#hits.slice(0, MAX_MARKED).map((hit) => this.#transcript.textElement(hit));
    CSS.highlights.set('found', new Highlight(...texts.flatMap((text) => ranges(text, wanted))));
    CSS.highlights.set('present', new Highlight(...(present === undefined ? [] : ranges(present, wanted))));
  }

  #tell(): void {
    const { length } = this.#hits;
    const isAny = this.#field.value !== '';
    this.#count.textContent = !isAny ? '' : this.#at < 0 ? `${length} found` : `${this.#at + 1} of ${length}`;
  }
}

/** Where `wanted`, in small letters, is in the text of an element. */
function ranges(element: HTMLElement, wanted: string): readonly Range[] {
  const text = element.textContent.toLowerCase();
  const found: Range[] = [];
  // Letters that change their length when they are made small would put the ranges beside them.
  if (wanted === '' || text.length !== element.textContent.length) return found;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    const range = new Range();
    range.setStart(...placeIn(element, at));
    range.setEnd(...placeIn(element, at + wanted.length));
    found.push(range);
  }
  return found;
}

/** Where a character of an element's text stands: the text is in pieces where some of them lead somewhere. */
function placeIn(element: HTMLElement, at: number): [node: Node, offset: number] {
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let rest = at;
  for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
    const { length } = node.textContent ?? '';
    if (rest <= length) return [node, rest];
    rest -= length;
  }
  return [element, element.childNodes.length];
}

/** More places than these are counted, and gone to, but not all painted. */
const MAX_MARKED = 2000;
