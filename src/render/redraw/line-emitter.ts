import type { Resumable } from '../../core/resumable.js';
import type { Line } from '../model/line.js';
import { type LineBatch, TextLines } from '../model/text-lines.js';
import { EmittedLines, type EmittedLinesState } from './emitted-lines.js';
import type { PictureLine } from './picture-line.js';

/**
 * Emits lines, and remembers them as the program would print them again.
 *
 * What is remembered is bounded: beyond that, all of it is forgotten at once.
 */
export class LineEmitter implements Resumable<EmitterState> {
  #out: LineBatch[] = [];
  #document = new EmittedLines();
  #documentChars = 0;

  /** What has been emitted since the last picture that was new altogether. */
  get document(): EmittedLines {
    return this.#document;
  }

  /** When all lines emitted were taken. */
  save(): EmitterState {
    return { document: this.#document.save(), documentChars: this.#documentChars };
  }

  resume({ document, documentChars }: EmitterState): void {
    this.#document = new EmittedLines();
    this.#document.resume(document);
    this.#documentChars = documentChars;
  }

  /** `again`: what the program may print again of all that it has printed; the same lines, unless said otherwise. */
  emit(lines: LineBatch, again: LineBatch = lines): void {
    if (again instanceof TextLines) this.#rememberText(again);
    else this.#remember(again);
    if (lines.length > 0) this.#out.push(lines);
  }

  /** Emits those of a picture that were not, which may all be printed again. */
  emitPicture(picture: readonly PictureLine[]): void {
    const lines = picture.flatMap(({ emitted, line }) => (emitted ? [] : [line]));
    for (const line of picture) line.emitted = true;
    this.emit(
      lines,
      picture.map(({ line }) => line),
    );
  }

  /** The lines emitted since the last call. */
  take(): readonly LineBatch[] {
    const taken = this.#out;
    this.#out = [];
    return taken;
  }

  /** None of what was emitted so far is expected again. */
  forget(): void {
    this.#document = new EmittedLines();
    this.#documentChars = 0;
  }

  #remember(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    let from = 0;
    let index = 0;
    for (const line of lines) {
      index++;
      this.#documentChars += line.text.length;
      const count = this.#document.length + index - from;
      if (count <= MAX_DOCUMENT_LINES && this.#documentChars <= MAX_DOCUMENT_CHARS) continue;
      // Line by line, so that what is forgotten does not depend on how many come at once.
      this.forget();
      from = index;
    }
    this.#document.add(from === 0 ? lines : lines.slice(from));
  }

  /** The same, without looking at each line. */
  #rememberText(lines: TextLines): void {
    let rest = lines;
    for (;;) {
      const lineRoom = MAX_DOCUMENT_LINES - this.#document.length;
      const charRoom = MAX_DOCUMENT_CHARS - this.#documentChars;
      const chars = rest.charsOf(rest.length);
      if (rest.length <= lineRoom && chars <= charRoom) {
        this.#documentChars += chars;
        this.#document.add(rest);
        return;
      }
      const fitting = Math.min(lineRoom, rest.withinChars(charRoom));
      this.forget();
      rest = rest.slice(fitting + 1);
    }
  }
}

export interface EmitterState {
  readonly document: EmittedLinesState;
  readonly documentChars: number;
}

/** More than any session that prints everything again was seen to print. */
const MAX_DOCUMENT_LINES = 20_000;
const MAX_DOCUMENT_CHARS = 4_000_000;
