import { BEL, C2, CAN, CSI, DCS, DEL, ESC, isC1, SPACE, ST, STRING_KINDS, SUB } from '../terminal/codes.js';

/** What a byte of a terminal's output is to somebody who looks for values in it. */
export const ByteKind = {
  /** A part of a character. */
  text: 0,
  /** The same, but it also ends a sequence by standing there: it must stay. */
  breaker: 1,
  /** A blank or a tab. */
  blank: 2,
  /** It begins a line: CR, LF, VT, FF. */
  lineBreak: 3,
  /** It does nothing to the text around it: BEL, NUL, BS, DEL. */
  control: 4,
  /** It begins a sequence. */
  begin: 5,
  /** Within a sequence, where a change would make another of it. */
  sequence: 6,
  /** The last one of a sequence that leaves the place of the text alone: colours, modes, titles. */
  endInPlace: 7,
  /** The last one of any other. */
  endElsewhere: 8,
  /** What a sequence carries: a title, a link, data. */
  payload: 9,
  /** Undecided until the next byte: C2 may begin a C1 control. */
  lead: 10,
} as const;

export type ByteKind = (typeof ByteKind)[keyof typeof ByteKind];

/** CSI finals that neither move the cursor nor change what stands before it. */
const IN_PLACE = new Set(Buffer.from('mhlqnctpgK'));
const STRINGS: ReadonlySet<number> = new Set(Object.values(STRING_KINDS));

type State =
  | 'ground'
  | 'lead'
  | 'escape'
  | 'csi'
  | 'intermediate'
  | 'header'
  | 'string'
  | 'string-lead'
  | 'string-escape';

/**
 * Tells byte by byte what the bytes of a terminal's output are, by the rules of EscapeScanner. (That one tells of a
 * sequence when it has ended, which for a string may be never.)
 */
export class ByteKinds {
  #state: State = 'ground';
  #bellEnds = true;

  /** Between sequences. */
  get inGround(): boolean {
    return this.#state === 'ground';
  }

  /** In what a sequence carries. */
  get inPayload(): boolean {
    return this.#state === 'string';
  }

  /** The byte before was {@link ByteKind.lead}; if `byte` makes a control of both, that has begun, else it was text. */
  leads(byte: number): boolean {
    return isC1(byte);
  }

  /** What comes is another output. */
  reset(): void {
    this.#state = 'ground';
  }

  next(byte: number): ByteKind {
    switch (this.#state) {
      case 'ground':
        return this.#ground(byte);
      case 'lead':
        return this.#afterLead(byte);
      case 'string':
      case 'string-lead':
      case 'string-escape':
        return this.#string(byte);
      default:
        return this.#sequence(byte);
    }
  }

  #ground(byte: number): ByteKind {
    if (byte === ESC) return this.#begin();
    if (byte === C2) {
      this.#state = 'lead';
      return ByteKind.lead;
    }
    if (byte > SPACE) return byte === DEL ? ByteKind.control : ByteKind.text;
    if (byte === SPACE || byte === 0x09) return ByteKind.blank;
    return byte >= 0x0a && byte <= 0x0d ? ByteKind.lineBreak : ByteKind.control;
  }

  #afterLead(byte: number): ByteKind {
    this.#state = 'ground';
    return this.leads(byte) ? this.#escape(byte - 0x40) : this.#ground(byte);
  }

  #begin(): ByteKind {
    this.#state = 'escape';
    return ByteKind.begin;
  }

  #end(kind: ByteKind): ByteKind {
    this.#state = 'ground';
    return kind;
  }

  #sequence(byte: number): ByteKind {
    if (byte >= 0x80) return this.#brokenOff(byte);
    if (byte === CAN || byte === SUB) return this.#end(ByteKind.endInPlace);
    if (byte === ESC) return this.#begin();
    if (byte < SPACE || byte === DEL) return byte >= 0x0a && byte <= 0x0d ? ByteKind.lineBreak : ByteKind.sequence;
    switch (this.#state) {
      case 'escape':
        return this.#escape(byte);
      case 'intermediate':
        return byte < 0x30 ? ByteKind.sequence : this.#end(ByteKind.endInPlace);
      case 'header':
        if (byte >= 0x40) this.#state = 'string';
        return ByteKind.sequence;
      default:
        if (byte < 0x40) return ByteKind.sequence;
        return this.#end(IN_PLACE.has(byte) ? ByteKind.endInPlace : ByteKind.endElsewhere);
    }
  }

  #brokenOff(byte: number): ByteKind {
    this.#state = byte === C2 ? 'lead' : 'ground';
    return byte === C2 ? ByteKind.lead : ByteKind.breaker;
  }

  #escape(byte: number): ByteKind {
    if (byte < 0x30) this.#state = 'intermediate';
    else if (byte === CSI) this.#state = 'csi';
    else if (byte === DCS) {
      this.#state = 'header';
      this.#bellEnds = false;
    } else if (STRINGS.has(byte)) {
      this.#state = 'string';
      this.#bellEnds = true;
    } else return this.#end(ByteKind.endElsewhere);
    return ByteKind.sequence;
  }

  #string(byte: number): ByteKind {
    if (this.#state === 'string-escape') {
      if (byte === ST) return this.#end(ByteKind.endInPlace);
      this.#state = 'escape';
      return this.#sequence(byte);
    }
    if (this.#state === 'string-lead') {
      this.#state = 'string';
      if (byte === 0x9c) return this.#end(ByteKind.endInPlace);
    }
    if (byte === ESC) {
      this.#state = 'string-escape';
      return ByteKind.begin;
    }
    if (byte === CAN || byte === SUB || (byte === BEL && this.#bellEnds)) return this.#end(ByteKind.endInPlace);
    if (byte !== C2) return byte <= SPACE || byte === DEL ? ByteKind.sequence : ByteKind.payload;
    this.#state = 'string-lead';
    return ByteKind.sequence;
  }
}
