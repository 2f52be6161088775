import { createHash, type Hash } from 'node:crypto';

/** What proves the bytes of a recording, in lower-case hex. */
export interface RecordingDigest {
  /** Of its segments, one behind the other; see {@link chainHash}. */
  readonly chain: string;
  /** SHA-256 of all its bytes, as sha256sum(1) has it; undefined where some of them have been removed. */
  readonly sha256: string | undefined;
}

/**
 * The hash of a recording that goes on with a segment of hash `sha256` behind what has the hash `before`: the SHA-256 of both, as
 * 128 hexadecimal digits. A recording of one segment has that segment's. So each segment can be proven by itself, and what is left
 * when the first ones were removed still hangs together.
 */
export function chainHash(before: string | undefined, sha256: string): string {
  return before === undefined ? sha256 : createHash('sha256').update(before).update(sha256).digest('hex');
}

/**
 * Hashes a recording segment by segment. The first segment and the whole share a state, so that a recording of one segment is hashed
 * once; the bytes of later segments are hashed twice, for as long as nothing was removed.
 */
export class RecordingHash {
  #chain: string | undefined;
  #segment: Hash = createHash('sha256');
  #segmentBytes = 0;
  /** `segment`: the first segment is all there is so far. Undefined: some of it is gone. */
  #whole: Hash | 'segment' | undefined = 'segment';

  /** `before`: the chain of what was in front of the first segment, where that was removed. */
  constructor(before?: string) {
    this.#chain = before;
    if (before !== undefined) this.#whole = undefined;
  }

  /** The next bytes of the segment that is being hashed. */
  update(bytes: Uint8Array): void {
    this.#segmentBytes += bytes.length;
    this.#segment.update(bytes);
    if (this.#whole !== 'segment') this.#whole?.update(bytes);
  }

  /** The segment is complete: what comes is of the next. Gives its hash, and the chain up to its end. */
  endSegment(): { readonly sha256: string; readonly chain: string } {
    const segment = this.#segment;
    const sha256 = (this.#whole === 'segment' ? segment.copy() : segment).digest('hex');
    if (this.#whole === 'segment') this.#whole = segment;
    this.#chain = chainHash(this.#chain, sha256);
    this.#beginSegment();
    return { sha256, chain: this.#chain };
  }

  /** Something that was hashed, or was to be, has been removed: there is no hash of the whole any more. */
  removed(): void {
    this.#whole = undefined;
  }

  /** The segment that is being hashed was removed: it is in no hash. */
  dropSegment(): void {
    this.removed();
    this.#beginSegment();
  }

  /** When all has been hashed. An empty segment counts nothing. Call it once. */
  digest(): RecordingDigest {
    const chain = this.#segmentBytes > 0 || this.#chain === undefined ? this.endSegment().chain : this.#chain;
    return { chain, sha256: this.#whole === 'segment' ? chain : this.#whole?.digest('hex') };
  }

  #beginSegment(): void {
    this.#segment = createHash('sha256');
    this.#segmentBytes = 0;
  }
}
