import { peek } from '../core/async/peek.js';
import type { Recogniser } from './model/recogniser.js';

/** A raw log is all that no other format is. */
export interface RawKind {
  readonly type: 'raw';
}

/**
 * Says of which format a recording is, by how it begins: the first of `recognisers` that takes it for its own. Reads no more
 * than they need. `bytes`: all of the recording, what was read included, to be read once. Throws what they throw, and `bytes`.
 */
export async function recordingKind<Kind>(
  bytes: AsyncIterable<Uint8Array>,
  recognisers: readonly Recogniser<Kind>[],
): Promise<{ readonly kind: Kind | RawKind; readonly bytes: AsyncIterable<Uint8Array> }> {
  const { found, bytes: all } = await peek(bytes, (head, ended): Kind | RawKind | undefined => {
    for (const recognise of recognisers) {
      const kind = recognise(head, ended);
      if (kind === 'open') return undefined;
      if (kind !== undefined) return kind;
    }
    return { type: 'raw' };
  });
  return { kind: found, bytes: all };
}
