import { getBuiltinModule, memoryUsage } from 'node:process';

interface SmallHeapOptions {
  /** The heap size of the calling thread from which the limits apply, bytes. Default 28 MiB. */
  readonly from?: number;
  /**
   * How the young generation is limited: it `stays` at its size, the default, or `shrinks` at each collection of the old one, by which producing
   * millions of lines may take twice the time.
   */
  readonly young?: keyof typeof YOUNG;
}

/**
 * Limits how far V8 lets the heap grow (docs/decisions/0026-a-small-heap.md). Not at the start, since
 * with changed flags Node does not use its own code cache, and loads modules more slowly.
 */
export function keepHeapSmall({ from = FROM_BYTES, young = 'stays' }: SmallHeapOptions = {}): void {
  const limited = (): boolean => {
    if (memoryUsage().heapTotal < from) return false;
    limitHeap(young);
    return true;
  };
  let looks = 0;
  const watching = setInterval(() => {
    const isSmall = !limited();
    if (isSmall && ++looks < FIRST_LOOKS) return;
    clearInterval(watching);
    if (isSmall) onCollections(limited);
  }, WATCH_MS);
  watching.unref();
}

/**
 * Limits it at once. For what reads much in few turns of the event loop: there `keepHeapSmall` may look only when the heap has grown
 * to four times what it needs. Behind all that has to be loaded.
 */
export function limitHeap(young: keyof typeof YOUNG = 'stays'): void {
  setFlags([OLD, YOUNG[young]]);
}

/** Calls `done` after garbage collections, until it returns true: a heap grows by them alone, and what is idle has none. */
function onCollections(done: () => boolean): void {
  try {
    const { PerformanceObserver } = getBuiltinModule('node:perf_hooks');
    const observer = new PerformanceObserver(() => {
      if (done()) observer.disconnect();
    });
    observer.observe({ entryTypes: ['gc'] });
  } catch {
    // Another engine than V8.
  }
}

/**
 * For what draws pictures. WebAssembly is compiled once, at once, and not a second time to run faster: that takes 60 MB and a
 * second. And the young generation stays small: it is pixels that are made, which lie elsewhere.
 */
export function keepDrawingSmall(): void {
  setFlags(['--liftoff-only', YOUNG.shrinks]);
}

/**
 * For what makes buffers that are not kept: V8 counts them to a heap of a few megabytes, and would clean all of that up for each few of
 * them, a quarter of the time. Where the heap itself grows, `keepHeapSmall` limits it all the same.
 */
export function keepCollectionsRare(): void {
  setFlags(['--heap-growing-percent=400']);
}

/** At this size the young generation takes two times 8 MiB, half of its maximum. */
const FROM_BYTES = 28 * 1024 * 1024;
/** Interval of the first checks, ms: the heap takes longer to grow as much again. */
const WATCH_MS = 10;
/** After a second of them collections tell: a module has to be loaded for that, which short commands do without. */
const FIRST_LOOKS = 100;

/** The old generation is cleaned up when it is half as large again, and not four times as large. */
const OLD = '--heap-growing-percent=50';
const YOUNG = { stays: '--semi-space-growth-factor=1', shrinks: '--optimize-for-size' } as const;

function setFlags(flags: readonly string[]): void {
  try {
    // Loaded here, because most commands end before their heap is that large.
    const { setFlagsFromString } = getBuiltinModule('node:v8');
    for (const flag of flags) setFlagsFromString(flag);
  } catch {
    // Another engine than V8.
  }
}
