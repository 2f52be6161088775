import { deflateSync, inflateSync } from 'node:zlib';
import { orchVersion } from '../core/version.js';
import { condensed } from '../render/redraw/line-state.js';
import { TRANSCRIPT_STATE_VERSION, type TranscriptState } from '../render/transcript/transcript.js';
import { readLog } from '../store/task/log-reader.js';
import type { TaskFolder } from '../store/layout/task-folder.js';
import { areLinesIn, type LoggedLines as Lines, linesIn } from './logged-lines.js';

/**
 * The state of a transcript as keyframes store it: JSON of these two. Most of a state is emitted lines, in case a program prints them
 * again: only those lines are stored that cannot be read from the log itself, line by line.
 */
type PackedState = readonly [rest: RestOfState, document: readonly Piece[]];

/** All of a state but the emitted lines. */
interface RestOfState extends Omit<TranscriptState, 'redraws'> {
  readonly redraws: Omit<RedrawState, 'emitter'>;
  readonly emitter: Omit<RedrawState['emitter'], 'document'>;
}

type Piece =
  /** Lines without their white space, and where each ended in the recording. */
  | { readonly type: 'lines'; readonly texts: readonly string[]; readonly ends: readonly number[] }
  /** The lines that the bytes from `from` up to `to` have in them. */
  | { readonly type: 'log'; readonly from: number; readonly to: number; readonly lines: number };

/** States are only valid for the version that made them. */
export function engineName(): string {
  return `${orchVersion()}/${TRANSCRIPT_STATE_VERSION}`;
}

/** A state taken apart, so that megabytes of emitted lines are not made JSON again and again. */
export class StateToPack {
  readonly document: Document;
  /** JSON of the rest. */
  readonly rest: string;

  constructor(state: TranscriptState) {
    const {
      emitter: { document, ...emitter },
      ...redraws
    } = state.redraws;
    const rest: RestOfState = { ...state, redraws, emitter };
    this.document = document;
    this.rest = JSON.stringify(rest);
  }

  equals({ rest, document }: StateToPack): boolean {
    return this.rest === rest && this.document.length === document.length && isSame(this.document, document);
  }
}

/** A plain state as it is once it has been packed: its emitted lines have no white space any more. */
export function asPacked(state: TranscriptState): TranscriptState {
  const { emitter } = state.redraws;
  const { document } = emitter;
  const texts = document.texts.map(condensed);
  return { ...state, redraws: { ...state.redraws, emitter: { ...emitter, document: { ...document, texts } } } };
}

/** Makes bytes of the states of one recording, in the order of their offsets. */
export class StatePacker {
  readonly #folder: TaskFolder;
  /** What the last document began with, in whole groups, and from which offset on the log could be referred to. */
  #done: readonly Piece[] = [];
  #last: Lines = { texts: [], ends: [] };
  #from = 0;

  constructor(folder: TaskFolder) {
    this.#folder = folder;
  }

  /** `from`: bytes in front of this offset may go before the state does, and are not referred to. */
  async pack({ document, rest }: StateToPack, from: number): Promise<Buffer> {
    if (from !== this.#from || !goesOn(document, this.#last)) this.#done = [];
    const known = this.#done.length * GROUP_LINES;
    const pieces = [...this.#done, ...(await packLines(document, known, { folder: this.#folder, from }))];
    this.#done = pieces.slice(0, Math.floor(document.texts.length / GROUP_LINES));
    this.#last = document;
    this.#from = from;
    // A PackedState.
    return deflateSync(`[${rest},${JSON.stringify(joined(pieces))}]`);
  }
}

/** Undefined where it is no such state, or the log has not what it refers to. */
export async function unpackState(bytes: Buffer, folder: TaskFolder): Promise<TranscriptState | undefined> {
  // It was written by this very version, and hashed: see engineName and readKeyframe.
  const [{ emitter, ...state }, document] = JSON.parse(inflateSync(bytes).toString()) as PackedState;
  const whole = await unpackDocument(document, folder);
  return whole && { ...state, redraws: { ...state.redraws, emitter: { ...emitter, document: whole } } };
}

type RedrawState = TranscriptState['redraws'];
type Document = RedrawState['emitter']['document'];

/** Whether `before` is the beginning of the lines: they only grow, or start again. */
function goesOn({ texts, ends }: Lines, before: Lines): boolean {
  const last = before.texts.length - 1;
  return (
    texts.length > last &&
    texts[last] === before.texts[last] &&
    ends[last] === before.ends[last] &&
    ends[0] === before.ends[0]
  );
}

/** A piece for each group of lines from the line `known` on. */
async function packLines(
  { texts, ends }: Lines,
  known: number,
  { folder, from }: { readonly folder: TaskFolder; readonly from: number },
): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  const begins = ends[known - 1] ?? ends[known] ?? 0;
  const span = (ends.at(-1) ?? 0) - begins;
  const log =
    begins >= from && span > 0 && span <= MAX_SPAN_BYTES
      ? await bytesBetween(folder, begins, begins + span)
      : undefined;
  for (let at = known; at < texts.length; at += GROUP_LINES) {
    const some: Lines = { texts: texts.slice(at, at + GROUP_LINES), ends: ends.slice(at, at + GROUP_LINES) };
    const begin = ends[at - 1] ?? Infinity;
    const end = some.ends.at(-1) ?? 0;
    const isInLog =
      begin < end && log !== undefined && areLinesIn(log.subarray(begin - begins, end - begins), begin, some);
    pieces.push(
      isInLog
        ? { type: 'log', from: begin, to: end, lines: some.texts.length }
        : { type: 'lines', texts: some.texts.map(condensed), ends: some.ends },
    );
  }
  return pieces;
}

/** Pieces of the log that follow each other as one. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece.type === 'log' && last?.type === 'log' && last.to === piece.from)
      out[out.length - 1] = { ...last, to: piece.to, lines: last.lines + piece.lines };
    else out.push(piece);
  }
  return out;
}

/** Reads lines from the log, and splits them only on access: hardly any program prints everything again. */
async function unpackDocument(pieces: readonly Piece[], folder: TaskFolder): Promise<Document | undefined> {
  const groups: (() => Lines)[] = [];
  let length = 0;
  for (const piece of pieces) {
    length += piece.type === 'lines' ? piece.texts.length : piece.lines;
    if (piece.type === 'lines') {
      groups.push(() => piece);
      continue;
    }
    const log = await bytesBetween(folder, piece.from, piece.to);
    if (log.length !== piece.to - piece.from) return undefined;
    groups.push(() => linesIn(log, piece.from));
  }
  let made: Document | undefined;
  const whole = (): Document =>
    (made ??= joinedLines(
      groups.map((read) => read()),
      length,
    ));
  return {
    length,
    get texts() {
      return whole().texts;
    },
    get ends() {
      return whole().ends;
    },
  };
}

function joinedLines(groups: readonly Lines[], length: number): Document {
  return { length, texts: groups.flatMap(({ texts }) => texts), ends: groups.flatMap(({ ends }) => ends) };
}

function isSame(a: Lines, b: Lines): boolean {
  return (
    a.texts.length === b.texts.length && a.texts.every((text, at) => text === b.texts[at] && a.ends[at] === b.ends[at])
  );
}

async function bytesBetween(folder: TaskFolder, from: number, to: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const { bytes } of readLog(folder, { from, to })) chunks.push(bytes);
  return Buffer.concat(chunks);
}

/** Lines are looked up in the log in groups of this many. */
const GROUP_LINES = 256;
/** Of a program that draws the same again and again there are few lines in many bytes: those are cheaper to keep. */
const MAX_SPAN_BYTES = 16 * 1024 * 1024;
