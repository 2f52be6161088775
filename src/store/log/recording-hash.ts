import { createHash, type Hash } from 'node:crypto';

/** What proves the bytes of a recording, in lower-case hex. */
export interface RecordingDigest {
  /** Of its parts, one behind the other; see {@link chainHash}. */
  readonly chain: string;
  /** SHA-256 of all its bytes, as sha256sum(1) has it; undefined where some of them have been removed. */
  readonly sha256: string | undefined;
}

/**
 * The hash of a recording that goes on with a part of hash `sha256` behind what has the hash `before`: the SHA-256 of both, as
 * 128 hexadecimal digits. A recording of one part has that part's. So each part can be proven by itself, and what is left
 * when the first ones were removed still hangs together.
 */
export function chainHash(before: string | undefined, sha256: string): string {
  return before === undefined ? sha256 : createHash('sha256').update(before).update(sha256).digest('hex');
}

/**
 * Hashes a recording part by part. The first part and the whole share a state, so that a recording of one part is hashed
 * once; the bytes of later parts are hashed twice, for as long as nothing was removed.
 */
export class RecordingHash {
  #chain: string | undefined;
  #part: Hash = createHash('sha256');
  #partBytes = 0;
  /** `part`: the first part is all there is so far. Undefined: some of it is gone. */
  #whole: Hash | 'part' | undefined = 'part';

  /** `before`: the chain of what was in front of the first part, where that was removed. */
  constructor(before?: string) {
    this.#chain = before;
    if (before !== undefined) this.#whole = undefined;
  }

  /** The next bytes of the part that is being hashed. */
  update(bytes: Uint8Array): void {
    this.#partBytes += bytes.length;
    this.#part.update(bytes);
    if (this.#whole !== 'part') this.#whole?.update(bytes);
  }

  /** The part is complete: what comes is of the next. Gives its hash, and the chain up to its end. */
  endPart(): { readonly sha256: string; readonly chain: string } {
    const part = this.#part;
    const sha256 = (this.#whole === 'part' ? part.copy() : part).digest('hex');
    if (this.#whole === 'part') this.#whole = part;
    this.#chain = chainHash(this.#chain, sha256);
    this.#beginPart();
    return { sha256, chain: this.#chain };
  }

  /** Something that was hashed, or was to be, has been removed: there is no hash of the whole any more. */
  removed(): void {
    this.#whole = undefined;
  }

  /** The part that is being hashed was removed: it is in no hash. */
  dropPart(): void {
    this.removed();
    this.#beginPart();
  }

  /** When all has been hashed. An empty part counts nothing. Call it once. */
  digest(): RecordingDigest {
    const chain = this.#partBytes > 0 || this.#chain === undefined ? this.endPart().chain : this.#chain;
    return { chain, sha256: this.#whole === 'part' ? chain : this.#whole?.digest('hex') };
  }

  #beginPart(): void {
    this.#part = createHash('sha256');
    this.#partBytes = 0;
  }
}
