import { getHeapStatistics, setFlagsFromString } from 'node:v8';

interface SmallHeapOptions {
  /** From when the heap of the calling thread is so large, bytes; what ends before is not touched. Default 28 MiB. */
  readonly from?: number;
  /**
   * What becomes of the young generation: by default nothing. Where it `stays` as large as it is then, making millions of lines
   * takes a fifth more of the time; where it `shrinks` at each collection of the old one, up to twice as much.
   */
  readonly young?: 'stays' | 'shrinks';
}

/**
 * Has V8 keep the heaps of this process from growing as far as they would (docs/decisions/0026-a-small-heap.md). Later, since
 * with other flags Node does without its own code cache, and what it loads from then on takes longer.
 */
export function keepHeapSmall({ from = FROM_BYTES, young }: SmallHeapOptions = {}): void {
  const watching = setInterval(() => {
    if (getHeapStatistics().total_heap_size < from) return;
    clearInterval(watching);
    setFlags(young === undefined ? [OLD] : [OLD, YOUNG[young]]);
  }, WATCH_MS);
  watching.unref();
}

/**
 * For what draws pictures. WebAssembly is compiled once, at once, and not a second time to run faster: that takes 60 MB and a
 * second. And the young generation stays small: it is pixels that are made, which lie elsewhere.
 */
export function keepDrawingSmall(): void {
  setFlags(['--liftoff-only', YOUNG.shrinks]);
}

/** The young generation is half of what it would be then: two times 8 MiB. */
const FROM_BYTES = 28 * 1024 * 1024;
/** It takes longer to grow as far again. */
const WATCH_MS = 10;

/** The old generation is cleaned up when it is half as large again, and not four times as large. */
const OLD = '--heap-growing-percent=50';
const YOUNG = { stays: '--semi-space-growth-factor=1', shrinks: '--optimize-for-size' } as const;

function setFlags(flags: readonly string[]): void {
  try {
    for (const flag of flags) setFlagsFromString(flag);
  } catch {
    // Another engine, which has its own ways.
  }
}
