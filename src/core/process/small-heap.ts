import { getHeapStatistics, setFlagsFromString } from 'node:v8';

export interface SmallHeapOptions {
  /** From when the heap of the calling thread is so large, bytes; what ends before is not touched. Default 28 MiB. */
  readonly from?: number;
  /** The young generation stays as large as it is then, which costs a fifth of the time where millions of lines are made. */
  readonly young?: boolean;
}

/**
 * Has V8 keep the heaps of this process from growing as far as they would (docs/decisions/0026-a-small-heap.md). Later, since
 * with other flags Node does without its own code cache, and what it loads from then on takes longer.
 */
export function keepHeapSmall({ from = FROM_BYTES, young = false }: SmallHeapOptions = {}): void {
  const watching = setInterval(() => {
    if (getHeapStatistics().total_heap_size < from) return;
    clearInterval(watching);
    setFlags(young ? [OLD, YOUNG] : [OLD]);
  }, WATCH_MS);
  watching.unref();
}

/** Has WebAssembly be compiled once, at once, and not a second time to run faster: that takes 60 MB and a second. */
export function compileWasmOnce(): void {
  setFlags(['--liftoff-only']);
}

/** The young generation is half of what it would be then: two times 8 MiB. */
const FROM_BYTES = 28 * 1024 * 1024;
/** It takes longer to grow as far again. */
const WATCH_MS = 10;

/** The old generation is cleaned up when it is half as large again, and not four times as large. */
const OLD = '--heap-growing-percent=50';
const YOUNG = '--semi-space-growth-factor=1';

function setFlags(flags: readonly string[]): void {
  try {
    for (const flag of flags) setFlagsFromString(flag);
  } catch {
    // Another engine, which has its own ways.
  }
}
