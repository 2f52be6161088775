import { isCount, isFlag, isListOf, isShape, isText, isVariantOf, maybe } from '../../core/guards.js';
import type { Secret } from '../../core/redact/secret-variables.js';
import type { Exposure } from '../../core/redact/secret-watch.js';
import type { WorkerProtocol } from '../../core/worker/worker-protocol.js';
import type { RecordingDigest } from './recording-hash.js';

/** A segment that is complete, and its place in the recording. */
export interface HashedSegment {
  readonly start: number;
  readonly bytes: number;
  readonly sha256: string;
  /** The hash of the recording up to its end; see `chainHash`. */
  readonly chain: string;
}

/** A packed copy of a segment, which lies at `path` and is on the disk. */
export interface PackedCopy {
  readonly start: number;
  readonly path: string;
}

/** To the thread. Descriptors are its own from then on. */
export type HasherRequest =
  | { readonly type: 'begun'; readonly start: number; readonly fd: number | undefined }
  | { readonly type: 'grown'; readonly start: number; readonly bytes: number }
  | { readonly type: 'gone'; readonly start: number; readonly isEmpty: boolean }
  /** Nothing more comes: the digest is the answer, or `behind` where more than `atMost` bytes are to be hashed yet. */
  | { readonly type: 'end'; readonly atMost: number | undefined };

/** From the thread. */
export type HasherReply =
  | ({ readonly type: 'hashed' } & HashedSegment)
  | ({ readonly type: 'packed' } & PackedCopy)
  | { readonly type: 'exposure'; readonly exposure: Exposure }
  /** Nothing more comes, and some more of what came was hashed. */
  | { readonly type: 'progress' }
  | { readonly type: 'digest'; readonly digest: RecordingDigest }
  | { readonly type: 'behind' };

export interface HasherData {
  readonly folder: string;
  readonly secrets: readonly Secret[] | undefined;
  /** Something of the recording went before the thread was there. */
  readonly isPartial: boolean;
}

export const HASHER_PROTOCOL: WorkerProtocol<HasherData, HasherRequest, HasherReply> = {
  name: 'the thread that hashes the log',
  data: isShape<HasherData>({
    folder: isText,
    secrets: maybe(isListOf(isShape<Secret>({ name: isText, value: isText }))),
    isPartial: isFlag,
  }),
  request: isVariantOf<HasherRequest>({
    begun: { start: isCount, fd: maybe(isCount) },
    grown: { start: isCount, bytes: isCount },
    gone: { start: isCount, isEmpty: isFlag },
    end: { atMost: maybe(isCount) },
  }),
  reply: isVariantOf<HasherReply>({
    hashed: { start: isCount, bytes: isCount, sha256: isText, chain: isText },
    packed: { start: isCount, path: isText },
    exposure: { exposure: isShape<Exposure>({ name: isText, offset: isCount }) },
    progress: {},
    digest: { digest: isShape<RecordingDigest>({ chain: isText, sha256: maybe(isText) }) },
    behind: {},
  }),
};
