import { BEL, C2, CAN, CSI, DCS, DEL, ESC, isC1, SPACE, ST, STRING_KINDS, SUB } from '../terminal/codes.js';

/** The kind of a byte of terminal output, as the redactor distinguishes them. */
export const ByteKind = {
  /** A byte of a character. */
  text: 0,
  /** A byte of a character that also breaks off a sequence: it must stay. */
  breaker: 1,
  /** A blank or a tab. */
  blank: 2,
  /** Begins a line: CR, LF, VT, FF. */
  lineBreak: 3,
  /** Does not affect the text around it: BEL, NUL, BS, DEL. */
  control: 4,
  /** Begins a sequence. */
  begin: 5,
  /** Within a sequence; a change would alter its meaning. */
  sequence: 6,
  /** The last byte of a sequence that does not move the text position: colours, modes, titles. */
  endInPlace: 7,
  /** The last byte of any other sequence. */
  endElsewhere: 8,
  /** Payload of a sequence: a title, a link, data. */
  payload: 9,
  /** Undecided until the next byte: C2 may begin a C1 control. */
  lead: 10,
} as const;

export type ByteKind = (typeof ByteKind)[keyof typeof ByteKind];

/** CSI finals that neither move the cursor nor change the text before it. */
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
 * Classifies the bytes of terminal output one by one, by the rules of EscapeScanner. (EscapeScanner reports a
 * sequence when it has ended, which for a string may be never.)
 */
export class ByteKinds {
  #state: State = 'ground';
  #bellEnds = true;

  /** Between sequences. */
  get inGround(): boolean {
    return this.#state === 'ground';
  }

  /** Within the payload of a sequence. */
  get inPayload(): boolean {
    return this.#state === 'string';
  }

  /** The byte before was {@link ByteKind.lead}; if `byte` makes a control of both, that has begun, else it was text. */
  leads(byte: number): boolean {
    return isC1(byte);
  }

  /** The next byte begins another stream. */
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
