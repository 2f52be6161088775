import { C2, DEL, SPACE, TAB } from '../terminal/codes.js';
import { systemClock } from '../clock.js';
import type { Pattern } from '../pattern/pattern.js';
import { ByteKinds, ByteKind } from './byte-kinds.js';
import { FastPass } from './fast-pass.js';
import { type Literal, Literals } from './literals.js';
import { PatternLine } from './pattern-line.js';
import type { Secret } from './secret-variables.js';
import { spellings } from './spellings.js';
import { stripWhitespace } from './strip-whitespace.js';
import { type Finder, fixed, placeOf, TextMatcher } from './text-matcher.js';
import type { TokenShape } from './token-shapes.js';

/** An asterisk, which replaces each masked byte. */
const MASK = 0x2a;
/** The most bytes held back; beyond it, a likely match is masked as it passes. */
export const HELD_BYTES = 64 * 1024;
/** How often that bound is checked, bytes. */
const BOUND_EVERY = 1024;
const NOTHING = Buffer.alloc(0);
/** The shortest value without its whitespace that is masked: a shorter one occurs in other text. */
const MIN_STRIPPED_BYTES = 5;

/** What a redactor masks. */
export interface RedactorOptions {
  /** Values, however they are spelled (spellings.ts). */
  readonly secrets: readonly Secret[];
  /** Kinds of tokens, as TOKEN_SHAPES. */
  readonly shapes: readonly TokenShape[];
  /** Matched with each line, at most 4 KiB of it (pattern-line.ts). */
  readonly patterns?: readonly Pattern[];
  /** Called for each match: its name, and its offset in the stream. */
  readonly onFound?: (name: string, offset: number) => void;
  /** Called once for a pattern that takes too long: the text it was to match is masked whole. */
  readonly onBehind?: (pattern: Pattern) => void;
  /** A monotonic clock, ms, that measures the time of patterns. */
  readonly now?: () => number;
}

/**
 * Masks values in a terminal's output, whatever the chunks: their characters become asterisks, escape sequences and line
 * breaks between them stay, so that the length is the same, and so is what the output does to a terminal.
 *
 * Values are searched in the text, without the sequences, and in the raw bytes, for titles, links and data. A
 * possible beginning is held back until it is certain; the caller decides how long that may take.
 */
export class Redactor {
  readonly #fast: FastPass;
  readonly #kinds = new ByteKinds();
  /** Matches the text that a terminal shows. */
  readonly #text: TextMatcher;
  /** Matches the raw bytes, from the beginning of a sequence until no match is open in them. */
  readonly #raw: TextMatcher;
  readonly #textLine: PatternLine | undefined;
  readonly #payloadLine: PatternLine | undefined;
  /** The bytes at work: those held back, then a chunk; and whether they may be changed. */
  #work: Buffer = NOTHING;
  #isOwn = true;
  /** The offset of its first byte, and of the first byte not passed on yet. */
  #base = 0;
  #letGo = 0;
  /** The place of a byte that may begin a C1 control. */
  #lead: number | undefined;

  constructor({
    secrets,
    shapes,
    patterns = [],
    onFound = () => undefined,
    onBehind = () => undefined,
    now = () => systemClock.monotonic(),
  }: RedactorOptions) {
    const literals = new Literals([...valuesOf(secrets), ...beginningsOf(shapes)]);
    const finder: Finder = {
      mask: (place) => {
        this.#mask(place);
      },
      found: onFound,
    };
    this.#text = new TextMatcher({ literals, shapes }, finder);
    this.#raw = new TextMatcher({ literals, shapes }, finder);
    this.#fast = new FastPass(literals);
    if (patterns.length > 0) {
      this.#textLine = new PatternLine({ patterns, now, onBehind }, finder);
      this.#payloadLine = new PatternLine({ patterns, now, onBehind }, finder);
    }
  }

  /** How many bytes are held back. */
  get held(): number {
    return this.#work.length;
  }

  /** Takes `bytes`; returns what may be passed on. Both are the caller's: what is held back is copied. */
  feed(bytes: Uint8Array): Uint8Array {
    const fresh = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const from = this.#work.length;
    this.#isOwn = from > 0;
    this.#work = from > 0 ? Buffer.concat([this.#work, fresh]) : fresh;
    for (let at = from; at < this.#work.length; at++) {
      if (this.#isIdle) at = this.#pass(at);
      if (at < this.#work.length) this.#step(this.#work[at] ?? 0, this.#base + at);
    }
    return this.#goOn(this.#holdFrom());
  }

  /** Returns what is held back for fewer than four characters; if it becomes a value, the rest of it is still masked. */
  release(): Uint8Array {
    this.#textLine?.letGo();
    this.#payloadLine?.letGo();
    return this.#goOn(Math.min(this.#text.firmFrom(), this.#raw.firmFrom()));
  }

  /** Returns all that is held back, with likely matches masked; what follows is still matched with it. */
  flush(): Uint8Array {
    this.#maskLikely();
    return this.#goOn(Infinity);
  }

  /** Ends the output: returns all that is held back. What follows is another output. */
  end(): Uint8Array {
    this.#decideLead();
    this.#text.end();
    this.#raw.end();
    this.#textLine?.end();
    this.#payloadLine?.end();
    this.#kinds.reset();
    return this.#goOn(Infinity);
  }

  /** Whether no match is open at the next byte. */
  get #isIdle(): boolean {
    if (this.#lead !== undefined || !this.#raw.idle) return false;
    return this.#kinds.inPayload || (this.#kinds.inGround && this.#text.idle);
  }

  /** The offset from which on bytes are held back. */
  #holdFrom(): number {
    const from = Math.min(
      this.#text.holdFrom(),
      this.#raw.holdFrom(),
      this.#textLine?.holdFrom() ?? Infinity,
      this.#payloadLine?.holdFrom() ?? Infinity,
      this.#lead === undefined ? Infinity : placeOf(this.#lead),
    );
    return Math.max(from, this.#letGo);
  }

  /** Passes on what was held back up to `offset` when it exceeds {@link HELD_BYTES}. */
  #bound(offset: number): void {
    if (offset - this.#holdFrom() < HELD_BYTES) return;
    this.#maskLikely();
    this.#letGo = offset;
  }

  #maskLikely(): void {
    this.#textLine?.letGo();
    this.#payloadLine?.letGo();
    this.#text.maskLikely();
    this.#raw.maskLikely();
  }

  /** Returns all bytes before `offset`, and keeps the rest. */
  #goOn(offset: number): Uint8Array {
    const count = Math.max(0, Math.min(offset, this.#base + this.#work.length) - this.#base);
    const gone = this.#work.subarray(0, count);
    const left = this.#work.subarray(count);
    this.#work = left.length > 0 ? Buffer.from(left) : NOTHING;
    this.#isOwn = true;
    this.#base += count;
    this.#letGo = Math.max(this.#letGo, this.#base);
    return gone;
  }

  #mask(place: number): void {
    if (place < this.#letGo) return;
    if (!this.#isOwn) {
      this.#work = Buffer.from(this.#work);
      this.#isOwn = true;
    }
    this.#work[place - this.#base] = MASK;
  }

  /** Skips bytes in which no match can begin; returns the index where it stops. */
  #pass(from: number): number {
    const { inGround } = this.#kinds;
    const line = inGround ? this.#textLine : this.#payloadLine;
    const to = this.#fast.pass(this.#work, from, inGround && line === undefined);
    if (to === from) return from;
    if (line !== undefined) this.#passLine(line, from, to);
    const { textFrom } = this.#fast;
    const before = (at: number): number => (at < textFrom ? 0 : (this.#work[at] ?? 0));
    (inGround ? this.#text : this.#raw).after(before(to - 2), before(to - 1));
    this.#bound(this.#base + to);
    return to;
  }

  #passLine(line: PatternLine, from: number, to: number): void {
    let start = from;
    for (let at = from; at < to; at++) {
      const byte = this.#work[at] ?? 0;
      if (byte >= SPACE) continue;
      line.text(this.#work.subarray(start, at), this.#base + start);
      start = byte === TAB ? at : at + 1;
      if (byte >= 0x0a && byte <= 0x0d && line === this.#textLine) line.end();
    }
    line.text(this.#work.subarray(start, to), this.#base + start);
  }

  #step(byte: number, place: number): void {
    if (this.#lead !== undefined) {
      if (this.#kinds.leads(byte)) this.#begin();
      else this.#decideLead();
    }
    const stands = this.#kinds.inGround;
    const kind = this.#kinds.next(byte);
    switch (kind) {
      case ByteKind.lead:
        this.#lead = stands ? place : fixed(place);
        break;
      case ByteKind.text:
      case ByteKind.blank:
      case ByteKind.lineBreak:
      case ByteKind.breaker:
        this.#ground(kind, byte, place);
        break;
      case ByteKind.control:
        break;
      case ByteKind.begin:
        this.#begin();
        break;
      case ByteKind.sequence:
      case ByteKind.payload:
        this.#within(kind, byte, place);
        break;
      case ByteKind.endInPlace:
      case ByteKind.endElsewhere:
        this.#within(kind, byte, place);
        this.#ended(kind);
    }
    if (place % BOUND_EVERY === 0) this.#bound(place + 1);
  }

  #ground(kind: ByteKind, byte: number, place: number): void {
    const character = kind === ByteKind.breaker ? fixed(place) : place;
    for (const matcher of this.#raw.idle ? [this.#text] : [this.#text, this.#raw]) {
      if (kind === ByteKind.blank) matcher.blank();
      else if (kind === ByteKind.lineBreak) matcher.lineBreak();
      else matcher.text(byte, character);
    }
    if (kind === ByteKind.lineBreak) this.#textLine?.end();
    else this.#textLine?.text(Uint8Array.of(byte), place);
  }

  #begin(): void {
    this.#lead = undefined;
    this.#raw.end();
    this.#payloadLine?.end();
  }

  /** Takes a byte of a sequence; only payload can be masked, the rest gives the sequence its meaning. */
  #within(kind: ByteKind, byte: number, place: number): void {
    if (byte <= SPACE || byte === DEL) this.#raw.blank();
    else this.#raw.text(byte, kind === ByteKind.payload ? place : fixed(place));
    if (kind === ByteKind.payload || byte === SPACE) this.#payloadLine?.text(Uint8Array.of(byte), place);
  }

  #ended(kind: ByteKind): void {
    this.#payloadLine?.end();
    if (kind === ByteKind.endInPlace) this.#text.sequence();
    else {
      this.#text.lineBreak();
      this.#textLine?.end();
    }
  }

  /** The lead byte was text, not the beginning of a control. */
  #decideLead(): void {
    const lead = this.#lead;
    this.#lead = undefined;
    if (lead === undefined) return;
    this.#ground(lead < 0 ? ByteKind.breaker : ByteKind.text, C2, lead < 0 ? fixed(lead) : lead);
  }
}

function valuesOf(secrets: readonly Secret[]): readonly Literal[] {
  return secrets.flatMap(({ name, value }) =>
    spellings(value)
      .map((spelling) => stripWhitespace(Buffer.from(spelling)))
      .filter((bytes) => bytes.length >= MIN_STRIPPED_BYTES)
      .map((bytes) => ({ bytes, means: { value: `the value of ${name}` } })),
  );
}

function beginningsOf(shapes: readonly TokenShape[]): readonly Literal[] {
  return shapes.map(({ elements }, shape) => ({ bytes: Buffer.from(elements[0].literal), means: { shape } }));
}
