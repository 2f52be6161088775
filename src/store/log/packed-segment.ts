import { fstatSync, readSync } from 'node:fs';
import { getBuiltinModule } from 'node:process';

/**
 * A packed segment is a gzip file (RFC 1952) of one member a block, so that gzip(1) reads all of it and we can begin
 * inside. The extra field of each member, subfield `or`, tells how long the member is, how long its block, and how long the
 * whole segment, in 4, 4 and 8 bytes, and the CRC-32 of the header so far: a wrong length would put all that follows in a wrong
 * place. Numbers are little endian.
 */
const MAGIC = Buffer.from([0x1f, 0x8b, 0x08, 0x04, 0, 0, 0, 0, 0, 0xff, 24, 0, 0x6f, 0x72, 20, 0]);
const HEADER_BYTES = MAGIC.length + 20;
const CHECKED_BYTES = HEADER_BYTES - 4;
/** CRC-32 and length of the block. */
const TRAILER_BYTES = 8;

/** Loaded when something is packed or unpacked: it takes milliseconds, and most runs do neither. */
const zlib = () => getBuiltinModule('node:zlib');

/** Bytes of a block: what is unpacked at least, however little is wanted. Smaller ones pack worse. */
export const BLOCK_BYTES = 256 * 1024;
/** Larger ones are not ours. */
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
/** zlib's: terminal output gets hardly smaller with more, and takes twice as long. */
const LEVEL = 3;

/** The member for a block of a segment that has `segmentBytes` in all. */
export function packBlock(block: Uint8Array, segmentBytes: number): Buffer {
  const packed = zlib().deflateRawSync(block, { level: LEVEL });
  const member = Buffer.allocUnsafe(HEADER_BYTES + packed.length + TRAILER_BYTES);
  MAGIC.copy(member);
  member.writeUInt32LE(member.length, MAGIC.length);
  member.writeUInt32LE(block.length, MAGIC.length + 4);
  member.writeBigUInt64LE(BigInt(segmentBytes), MAGIC.length + 8);
  member.writeUInt32LE(zlib().crc32(member.subarray(0, CHECKED_BYTES)), CHECKED_BYTES);
  packed.copy(member, HEADER_BYTES);
  member.writeUInt32LE(zlib().crc32(block), member.length - 8);
  member.writeUInt32LE(block.length, member.length - 4);
  return member;
}

/** A block that is not what was packed; reading may go on at `until`, a position in the segment. */
export class DamagedBlock extends Error {
  override readonly name = 'DamagedBlock';
  readonly until: number;

  constructor(what: string, until: number) {
    super(what);
    this.until = until;
  }
}

interface Member {
  /** Where the member begins in the file, and where its block does in the segment. */
  readonly at: number;
  readonly start: number;
  readonly packedBytes: number;
  readonly bytes: number;
}

/** Reads a packed segment from any position; of the blocks one is in memory. The descriptor stays the caller's. */
export class PackedSegment {
  /** Bytes of the segment before it was packed. */
  readonly bytes: number;
  readonly #fd: number;
  readonly #fileBytes: number;
  /** Those that were looked at, from the first on. */
  readonly #members: Member[] = [];
  #block: { readonly start: number; readonly bytes: Uint8Array } | undefined;

  /** @throws DamagedBlock where it does not begin as one; the system's error */
  constructor(fd: number) {
    this.#fd = fd;
    this.#fileBytes = fstatSync(fd).size;
    const first = this.#header(0);
    if (first === undefined) throw new DamagedBlock('it does not begin as a packed segment', 0);
    this.bytes = first.segmentBytes;
  }

  /** Fills `buffer` from `position` on, as far as one block goes; how much that was, 0 at the end. @throws DamagedBlock */
  read(buffer: Uint8Array, position: number): number {
    if (position >= this.bytes) return 0;
    const { start, bytes } = this.#blockAt(position);
    const wanted = bytes.subarray(position - start, position - start + buffer.length);
    buffer.set(wanted);
    return wanted.length;
  }

  #blockAt(position: number): { readonly start: number; readonly bytes: Uint8Array } {
    const kept = this.#block;
    if (kept !== undefined && position >= kept.start && position < kept.start + kept.bytes.length) return kept;
    const member = this.#memberAt(position);
    this.#block = { start: member.start, bytes: this.#unpack(member) };
    return this.#block;
  }

  #memberAt(position: number): Member {
    const found = this.#members.findLast(({ start }) => start <= position);
    let [at, start] = found === undefined ? [0, 0] : [found.at, found.start];
    for (;;) {
      const header = this.#header(at);
      // Where the chain of members breaks, nothing behind it can be found.
      if (header === undefined) throw new DamagedBlock(`there is no block at byte ${at} of the file`, this.bytes);
      const { packedBytes, bytes } = header;
      const member = { at, start, packedBytes, bytes };
      if (start > (this.#members.at(-1)?.start ?? -1)) this.#members.push(member);
      if (position < start + bytes) return member;
      at += packedBytes;
      start += bytes;
    }
  }

  #unpack({ at, start, packedBytes, bytes }: Member): Uint8Array {
    const packed = Buffer.allocUnsafe(packedBytes - HEADER_BYTES);
    const until = start + bytes;
    if (readSync(this.#fd, packed, 0, packed.length, at + HEADER_BYTES) < packed.length)
      throw new DamagedBlock(`it ends inside the block at byte ${at}`, until);
    let block: Uint8Array;
    try {
      block = zlib().inflateRawSync(packed.subarray(0, -TRAILER_BYTES), { maxOutputLength: bytes });
    } catch {
      throw new DamagedBlock(`the block at byte ${at} cannot be unpacked`, until);
    }
    if (block.length === bytes && zlib().crc32(block) === packed.readUInt32LE(packed.length - TRAILER_BYTES))
      return block;
    throw new DamagedBlock(`the block at byte ${at} is not what was packed`, until);
  }

  #header(at: number): { packedBytes: number; bytes: number; segmentBytes: number } | undefined {
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    if (readSync(this.#fd, header, 0, HEADER_BYTES, at) < HEADER_BYTES) return undefined;
    if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
    if (zlib().crc32(header.subarray(0, CHECKED_BYTES)) !== header.readUInt32LE(CHECKED_BYTES)) return undefined;
    const packedBytes = header.readUInt32LE(MAGIC.length);
    const bytes = header.readUInt32LE(MAGIC.length + 4);
    const segmentBytes = Number(header.readBigUInt64LE(MAGIC.length + 8));
    const isPossible =
      packedBytes > HEADER_BYTES + TRAILER_BYTES &&
      at + packedBytes <= this.#fileBytes &&
      bytes > 0 &&
      bytes <= MAX_BLOCK_BYTES &&
      bytes <= segmentBytes &&
      Number.isSafeInteger(segmentBytes);
    return isPossible ? { packedBytes, bytes, segmentBytes } : undefined;
  }
}
