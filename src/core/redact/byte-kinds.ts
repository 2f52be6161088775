import { BEL, C2, CAN, CSI, DCS, DEL, ESC, isC1, SPACE, ST, STRING_KINDS, SUB } from '../terminal/codes.js';

/** What a byte of a terminal's output is to somebody who looks for values in it. */
export const Kind = {
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

export type Kind = (typeof Kind)[keyof typeof Kind];

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

  /** The byte before was {@link Kind.lead}; if `byte` makes a control of both, that has begun, else it was text. */
  leads(byte: number): boolean {
    return isC1(byte);
  }

  /** What comes is another output. */
  reset(): void {
    this.#state = 'ground';
  }

  next(byte: number): Kind {
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

  #ground(byte: number): Kind {
    if (byte === ESC) return this.#begin();
    if (byte === C2) {
      this.#state = 'lead';
      return Kind.lead;
    }
    if (byte > SPACE) return byte === DEL ? Kind.control : Kind.text;
    if (byte === SPACE || byte === 0x09) return Kind.blank;
    return byte >= 0x0a && byte <= 0x0d ? Kind.lineBreak : Kind.control;
  }

  #afterLead(byte: number): Kind {
    this.#state = 'ground';
    return this.leads(byte) ? this.#escape(byte - 0x40) : this.#ground(byte);
  }

  #begin(): Kind {
    this.#state = 'escape';
    return Kind.begin;
  }

  #end(kind: Kind): Kind {
    this.#state = 'ground';
    return kind;
  }

  #sequence(byte: number): Kind {
    if (byte >= 0x80) return this.#brokenOff(byte);
    if (byte === CAN || byte === SUB) return this.#end(Kind.endInPlace);
    if (byte === ESC) return this.#begin();
    if (byte < SPACE || byte === DEL) return byte >= 0x0a && byte <= 0x0d ? Kind.lineBreak : Kind.sequence;
    switch (this.#state) {
      case 'escape':
        return this.#escape(byte);
      case 'intermediate':
        return byte < 0x30 ? Kind.sequence : this.#end(Kind.endInPlace);
      case 'header':
        if (byte >= 0x40) this.#state = 'string';
        return Kind.sequence;
      default:
        if (byte < 0x40) return Kind.sequence;
        return this.#end(IN_PLACE.has(byte) ? Kind.endInPlace : Kind.endElsewhere);
    }
  }

  #brokenOff(byte: number): Kind {
    this.#state = byte === C2 ? 'lead' : 'ground';
    return byte === C2 ? Kind.lead : Kind.breaker;
  }

  #escape(byte: number): Kind {
    if (byte < 0x30) this.#state = 'intermediate';
    else if (byte === CSI) this.#state = 'csi';
    else if (byte === DCS) {
      this.#state = 'header';
      this.#bellEnds = false;
    } else if (STRINGS.has(byte)) {
      this.#state = 'string';
      this.#bellEnds = true;
    } else return this.#end(Kind.endElsewhere);
    return Kind.sequence;
  }

  #string(byte: number): Kind {
    if (this.#state === 'string-escape') {
      if (byte === ST) return this.#end(Kind.endInPlace);
      this.#state = 'escape';
      return this.#sequence(byte);
    }
    if (this.#state === 'string-lead') {
      this.#state = 'string';
      if (byte === 0x9c) return this.#end(Kind.endInPlace);
    }
    if (byte === ESC) {
      this.#state = 'string-escape';
      return Kind.begin;
    }
    if (byte === CAN || byte === SUB || (byte === BEL && this.#bellEnds)) return this.#end(Kind.endInPlace);
    if (byte !== C2) return byte <= SPACE || byte === DEL ? Kind.sequence : Kind.payload;
    this.#state = 'string-lead';
    return Kind.sequence;
  }
}
