import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { errnoCode, errors } from '../../core/errors.js';
import { peek } from '../../core/async/peek.js';

/**
 * What is in `bytes`, where they are compressed with gzip(1); else they themselves. `name`: what they are called in errors.
 *
 * @throws OrchError INPUT_UNREADABLE where they are cut short, damaged, or compressed twice; what `bytes` throws
 */
export async function gunzipped(bytes: AsyncIterable<Uint8Array>, name: string): Promise<AsyncIterable<Uint8Array>> {
  const outer = await peek(bytes, isGzip);
  if (!outer.found) return outer.bytes;
  const inner = await peek(inflated(outer.bytes, name), isGzip);
  if (inner.found) throw errors.inputDamaged(name, 'it is compressed twice');
  return inner.bytes;
}

function isGzip(head: Buffer, ended: boolean): boolean | undefined {
  return head.length >= MAGIC.length || ended ? head.subarray(0, MAGIC.length).equals(MAGIC) : undefined;
}

async function* inflated(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array, void, void> {
  const gunzip = createGunzip();
  const input = Readable.from(bytes);
  input.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of input.pipe(gunzip) as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    const code = errnoCode(error);
    if (code?.startsWith('Z_') !== true) throw error;
    throw errors.inputDamaged(name, error instanceof Error ? error.message : String(error));
  } finally {
    input.destroy();
  }
}

/** RFC 1952: ID1, ID2, and the one method there is. */
const MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);
