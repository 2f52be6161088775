import { byteAt } from '../items/element-at.js';
import { BEL, C2, CAN, CSI, DCS, DEL, ESC, isC1, ST, STRING_KINDS, SUB } from './codes.js';

/**
 * Finds the control sequences in a terminal's output, byte by byte, whatever the chunks.
 *
 * The states are those of Paul Williams' parser for the VT500 (https://vt100.net/emu/dec_ansi_parser), for a terminal
 * in UTF-8 mode:
 * - A C1 control is U+0080 to U+009F, so `C2 80` to `C2 9F`, as xterm and VTE read it; it means ESC and its code less
 *   0x40. The bytes 80 to 9F in any other place belong to a character (`✳` is E2 9C B3) or invalid text, never C1.
 * - CAN, SUB and a new ESC end a sequence unfinished. A character that is not ASCII does too, in front of itself: it is
 *   read as text, so that nothing readable goes with the damage. In a string it is payload.
 * - C0 controls inside a CSI or ESC sequence act at once, as on the terminal; DEL is nothing there.
 * - `ESC k … ST` is screen's title string.
 * - Strings end with ST (`ESC \` or `C2 9C`); all but DCS with BEL too. xterm ends only OSC so, but no program puts a BEL
 *   into an APC to mean a BEL, and text that follows one would be swallowed.
 */
export class EscapeScanner {
  private state: State = 'ground';
  /** Bytes of the stream seen before the chunk at hand. */
  private seen = 0;
  private start = 0;
  /** A C2 ended the chunk before: it may be half a C1 control. */
  private held = false;
  /** Index of the next one in the current chunk; searched again only when passed. */
  private nextEsc = -1;
  private nextC1 = -1;
  private stringKind: StringKind = 'osc';
  private readonly header = new Uint8Array(MAX_HEADER_BYTES);
  private headerBytes = 0;
  private readonly payload: Uint8Array;
  private payloadBytes = 0;
  private readonly wantsText: boolean;
  private out: EscapeToken[] = [];

  /**
   * `text`: report the text between sequences too; without it, it is skipped as fast as bytes can be searched.
   * `payloadBytes`: bytes kept of a string's payload, 4096 by default; the rest is counted and dropped.
   */
  constructor(options: { readonly text?: boolean; readonly payloadBytes?: number } = {}) {
    this.wantsText = options.text ?? false;
    this.payload = new Uint8Array(options.payloadBytes ?? DEFAULT_PAYLOAD_BYTES);
  }

  /** True between sequences: neither inside one, nor after a byte that may begin one. */
  get inGround(): boolean {
    return this.state === 'ground' && !this.held;
  }

  /** Bytes of the stream seen so far. */
  get offset(): number {
    return this.seen;
  }

  /** Where the sequence begins that has not ended yet; the offset where there is none. */
  get openAt(): number {
    if (this.state !== 'ground') return this.start;
    return this.held ? this.seen - 1 : this.seen;
  }

  /** See Resumable, which the files of this folder do not import. */
  save(): ScannerState {
    return {
      state: this.state,
      seen: this.seen,
      start: this.state === 'ground' ? 0 : this.start,
      held: this.held,
      stringKind: this.stringKind,
      header: this.state === 'ground' ? '' : ascii(this.header, 0, this.headerBytes),
      payload: this.state.startsWith('string') ? base64(this.payload.subarray(0, this.payloadBytes)) : '',
      payloadBytes: this.payloadBytes,
    };
  }

  resume(saved: ScannerState): void {
    this.state = saved.state;
    this.seen = saved.seen;
    this.start = saved.start;
    this.held = saved.held;
    this.stringKind = saved.stringKind;
    this.header.set(Buffer.from(saved.header, 'latin1'));
    this.headerBytes = saved.header.length;
    this.payload.set(Buffer.from(saved.payload, 'base64'));
    this.payloadBytes = saved.payloadBytes;
  }

  /** Counts bytes that the caller has read itself; only between sequences. */
  skip(bytes: number): void {
    this.seen += bytes;
  }

  /** The sequences that end in `chunk`, in the order of their ends. Text runs are views of `chunk`, not copies. */
  push(chunk: Uint8Array): readonly EscapeToken[] {
    this.out = [];
    this.nextEsc = -1;
    this.nextC1 = -1;
    let at = 0;
    while (at < chunk.length) {
      at = this.state === 'ground' ? this.ground(chunk, at) : this.sequence(chunk, at);
    }
    this.seen += chunk.length;
    return this.out;
  }

  /** Ends the stream: returns an unfinished sequence, or the byte held back at the end of the last chunk. */
  end(): readonly EscapeToken[] {
    this.out = [];
    if (this.held) this.releaseHeld(this.seen);
    if (this.state !== 'ground') this.ignore(this.seen);
    return this.out;
  }

  /** Takes text up to the byte that begins a sequence, and that byte. */
  private ground(chunk: Uint8Array, from: number): number {
    if (this.held) return this.afterHeld(chunk, from);
    if (this.nextEsc < from) this.nextEsc = indexOfEsc(chunk, from);
    if (this.nextC1 < from) this.nextC1 = indexOfC1(chunk, from);
    const at = Math.min(this.nextEsc, this.nextC1);
    if (at > from) this.text(chunk.subarray(from, at), this.seen + from);
    if (at === chunk.length) return at;
    if (chunk[at] === ESC) {
      this.begin(this.seen + at);
      return at + 1;
    }
    const code = chunk[at + 1];
    if (code === undefined) {
      this.held = true;
      return at + 1;
    }
    return this.c1(code, at + 2);
  }

  /** The chunk before ended with C2: a C1 control if its second byte is here, else the first byte of a character. */
  private afterHeld(chunk: Uint8Array, from: number): number {
    const code = chunk[from];
    this.held = false;
    if (code !== undefined && isC1(code)) return this.c1(code, from + 1);
    this.releaseHeld(this.seen + from);
    return from;
  }

  private releaseHeld(offset: number): void {
    this.held = false;
    this.text(C2_BYTE, offset - 1);
  }

  private c1(code: number, next: number): number {
    const end = this.seen + next;
    this.begin(end - 2);
    this.escapeByte(code - 0x40, end);
    return next;
  }

  private begin(start: number): void {
    this.start = start;
    this.headerBytes = 0;
    this.payloadBytes = 0;
    this.state = 'escape';
  }

  /** Takes one or more bytes of a sequence, and returns the next index; `at` where the byte is text again. */
  private sequence(chunk: Uint8Array, at: number): number {
    if (this.state === 'string' || this.state === 'string-c2') return this.string(chunk, at);
    const byte = byteAt(chunk, at);
    const offset = this.seen + at;
    if (this.state === 'string-escape') return this.stringEscape(byte, at);
    if (byte >= 0x80) {
      this.ignore(offset);
      return at;
    }
    if (byte === CAN || byte === SUB) this.ignore(offset + 1);
    else if (byte === ESC) {
      this.ignore(offset);
      this.begin(offset);
    } else if (byte < 0x20) {
      if (!DCS_HEADER.has(this.state)) this.out.push({ type: 'control', code: byte, start: offset, end: offset + 1 });
    } else if (byte !== DEL) this.headerByte(byte, offset + 1);
    return at + 1;
  }

  private headerByte(byte: number, end: number): void {
    switch (this.state) {
      case 'escape':
        this.escapeByte(byte, end);
        return;
      case 'escape-intermediate':
        if (byte < 0x30) this.collect(byte);
        else this.finishEscape(byte, end);
        return;
      case 'csi-ignore':
        if (byte >= 0x40) this.ignore(end);
        return;
      case 'dcs-ignore':
        if (byte >= 0x40) this.openString('ignored');
        return;
      case 'csi':
      case 'dcs':
        if (byte >= 0x40) this.finishHeader(byte, end);
        else if (this.fitsHeader(byte)) this.collect(byte);
        else this.state = this.state === 'csi' ? 'csi-ignore' : 'dcs-ignore';
        return;
      default:
        return;
    }
  }

  /** The byte after ESC, or what a C1 control stands for. */
  private escapeByte(byte: number, end: number): void {
    const kind = STRING_OPENERS.get(byte);
    if (byte < 0x30) {
      this.collect(byte);
      this.state = 'escape-intermediate';
    } else if (byte === CSI) this.state = 'csi';
    else if (byte === DCS) this.state = 'dcs';
    else if (kind !== undefined) this.openString(kind);
    else this.finishEscape(byte, end);
  }

  /** ECMA-48, 5.4: private prefix, parameters, intermediates, in this order. */
  private fitsHeader(byte: number): boolean {
    if (this.headerBytes === MAX_HEADER_BYTES) return false;
    if (byte < 0x30) return true;
    if (byte >= 0x3c) return this.headerBytes === 0;
    const last = this.header[this.headerBytes - 1];
    return this.headerBytes === 0 || (last !== undefined && last >= 0x30);
  }

  private collect(byte: number): void {
    if (this.headerBytes < MAX_HEADER_BYTES) this.header[this.headerBytes++] = byte;
  }

  private finishEscape(byte: number, end: number): void {
    const intermediates = ascii(this.header, 0, this.headerBytes);
    this.state = 'ground';
    this.out.push({ type: 'esc', intermediates, final: String.fromCharCode(byte), start: this.start, end });
  }

  private finishHeader(byte: number, end: number): void {
    if (this.state === 'dcs') {
      this.collect(byte);
      this.openString('dcs');
      return;
    }
    this.state = 'ground';
    const header = readHeader(this.header, this.headerBytes);
    this.out.push({ type: 'csi', ...header, final: String.fromCharCode(byte), start: this.start, end });
  }

  private openString(kind: StringKind): void {
    this.stringKind = kind;
    this.state = 'string';
  }

  private string(chunk: Uint8Array, from: number): number {
    let at = from;
    for (; at < chunk.length; at++) {
      const byte = byteAt(chunk, at);
      if (this.state === 'string-c2') {
        this.state = 'string';
        if (byte === 0x9c) {
          this.payloadBytes--;
          this.finishString('st', this.seen + at + 1);
          return at + 1;
        }
      }
      if (byte === ESC) {
        this.state = 'string-escape';
        return at + 1;
      }
      if (byte === CAN || byte === SUB) {
        this.ignore(this.seen + at + 1);
        return at + 1;
      }
      if (byte === BEL && this.stringKind !== 'dcs' && this.stringKind !== 'ignored') {
        this.finishString('bel', this.seen + at + 1);
        return at + 1;
      }
      if (byte === C2) this.state = 'string-c2';
      if (this.payloadBytes < this.payload.length) this.payload[this.payloadBytes] = byte;
      this.payloadBytes++;
    }
    return at;
  }

  /** ESC in a string: `ESC \` ends it well; before anything else the string is broken off and the ESC begins a new sequence. */
  private stringEscape(byte: number, at: number): number {
    const offset = this.seen + at;
    if (byte === ST) {
      this.finishString('st', offset + 1);
      return at + 1;
    }
    this.ignore(offset - 1);
    this.begin(offset - 1);
    return at;
  }

  private finishString(terminator: 'bel' | 'st', end: number): void {
    const kind = this.stringKind;
    if (kind === 'ignored') {
      this.ignore(end);
      return;
    }
    this.state = 'ground';
    const payload = this.payload.slice(0, Math.min(this.payloadBytes, this.payload.length));
    const string = { payload, payloadBytes: this.payloadBytes, terminator, start: this.start, end };
    if (kind !== 'dcs') {
      this.out.push({ type: kind, ...string });
      return;
    }
    const final = ascii(this.header, this.headerBytes - 1, this.headerBytes);
    this.out.push({ type: 'dcs', ...readHeader(this.header, this.headerBytes - 1), final, ...string });
  }

  private ignore(end: number): void {
    this.state = 'ground';
    this.out.push({ type: 'ignored', start: this.start, end });
  }

  private text(bytes: Uint8Array, start: number): void {
    if (this.wantsText) this.out.push({ type: 'text', bytes, start, end: start + bytes.length });
  }
}

/** Absolute byte offsets in the stream: `start` of its first byte, `end` after its last. */
interface Range {
  readonly start: number;
  readonly end: number;
}

interface Header {
  /** `?`, `>`, `<` or `=`; empty for most. */
  readonly prefix: string;
  /** The parameters, 0 where one was left out, none where there were none; each at most 2^31 - 1. Of `4:3` only the 4. */
  readonly params: readonly number[];
  /** The parameters as they were sent, sub-parameters and all: digits, `;` and `:`. */
  readonly rawParams: string;
  readonly intermediates: string;
  readonly final: string;
}

interface StringBody {
  /** The payload as far as it was kept. */
  readonly payload: Uint8Array;
  /** The length of the whole payload. */
  readonly payloadBytes: number;
  /** How it ended, so that an answer can end the same way. */
  readonly terminator: 'bel' | 'st';
}

/** `ESC 7`, `ESC ( B`: intermediates and final; also a C1 control, by its two-byte equivalent. */
export type EscSequence = { readonly type: 'esc'; readonly intermediates: string; readonly final: string } & Range;
export type CsiSequence = { readonly type: 'csi' } & Header & Range;
type DcsSequence = { readonly type: 'dcs' } & Header & StringBody & Range;
export type StringSequence = { readonly type: 'osc' | 'apc' | 'pm' | 'sos' | 'title' } & StringBody & Range;

export type EscapeToken =
  | EscSequence
  | CsiSequence
  | DcsSequence
  | StringSequence
  /** A C0 control that acted inside a sequence; its bytes lie within those of the sequence, which is reported later. */
  | ({ readonly type: 'control'; readonly code: number } & Range)
  /** Bytes that a terminal swallows: broken off, cancelled or malformed. */
  | ({ readonly type: 'ignored' } & Range)
  /** A run of anything else, C0 controls included, cut at chunk edges; only when asked for. */
  | ({ readonly type: 'text'; readonly bytes: Uint8Array } & Range);

/** The state of a scanner, between sequences or within one. */
export interface ScannerState {
  readonly state: State;
  readonly seen: number;
  readonly start: number;
  readonly held: boolean;
  readonly stringKind: StringKind;
  readonly header: string;
  /** As far as it was kept, as base64. */
  readonly payload: string;
  readonly payloadBytes: number;
}

type StringKind = StringSequence['type'] | 'dcs' | 'ignored';

type State =
  | 'ground'
  | 'escape'
  | 'escape-intermediate'
  | 'csi'
  | 'csi-ignore'
  | 'dcs'
  | 'dcs-ignore'
  | 'string'
  | 'string-c2'
  | 'string-escape';

/** xterm reads 30 parameters; forty 24-bit colours would still fit. What is longer is no sequence but an attack. */
const MAX_HEADER_BYTES = 1024;
/** Longer than any title, colour or link; clipboard and image data are counted, not kept. */
const DEFAULT_PAYLOAD_BYTES = 4096;
/** What is larger counts as this: it fits an int, as in other terminals. */
const LARGEST_PARAM = 0x7fffffff;

const C2_BYTE: Uint8Array = Uint8Array.of(C2);

/** In a DCS header the controls are dropped (Williams: dcs_param "ignore"). */
const DCS_HEADER: ReadonlySet<State> = new Set<State>(['dcs', 'dcs-ignore']);

const STRING_OPENERS: ReadonlyMap<number, StringSequence['type']> = new Map(
  (['osc', 'apc', 'pm', 'sos', 'title'] as const).map((kind) => [STRING_KINDS[kind], kind]),
);

function indexOfEsc(chunk: Uint8Array, from: number): number {
  const at = chunk.indexOf(ESC, from);
  return at === -1 ? chunk.length : at;
}

/** The index of a C2 that is followed by a byte of 80 to 9F, or ends the chunk. */
function indexOfC1(chunk: Uint8Array, from: number): number {
  for (let at = chunk.indexOf(C2, from); at !== -1; at = chunk.indexOf(C2, at + 1)) {
    const next = chunk[at + 1];
    if (next === undefined || isC1(next)) return at;
  }
  return chunk.length;
}

function readHeader(bytes: Uint8Array, length: number): Omit<Header, 'final'> {
  let from = 0;
  while (from < length && byteAt(bytes, from) >= 0x3c) from++;
  let to = length;
  while (to > from && byteAt(bytes, to - 1) < 0x30) to--;
  return {
    prefix: ascii(bytes, 0, from),
    params: readParams(bytes, from, to),
    rawParams: ascii(bytes, from, to),
    intermediates: ascii(bytes, to, length),
  };
}

function readParams(bytes: Uint8Array, from: number, to: number): readonly number[] {
  if (from === to) return [];
  const params: number[] = [];
  let value = 0;
  let inSubParam = false;
  for (let at = from; at < to; at++) {
    const byte = byteAt(bytes, at);
    if (byte === 0x3b) {
      params.push(value);
      value = 0;
      inSubParam = false;
    } else if (byte === 0x3a) inSubParam = true;
    else if (!inSubParam) value = Math.min(value * 10 + byte - 0x30, LARGEST_PARAM);
  }
  params.push(value);
  return params;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(byteAt(bytes, at));
  return text;
}
