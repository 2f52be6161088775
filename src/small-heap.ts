import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 clean up earlier: its own choice lets garbage lie until a recording of any length has filled 100 MB. What prints
 * millions of lines takes up to twice the CPU time. All of the process's threads; to be called before anything is allocated in earnest.
 */
export function keepHeapSmall(): void {
  try {
    for (const flag of FLAGS) setFlagsFromString(flag);
  } catch {
    // Another engine, which has its own ways.
  }
}

/** Measured in docs/decisions/0026-a-small-heap.md. */
const FLAGS = [
  // The old generation is cleaned up as soon as it is half as large again, and not only at its first 100 MB.
  '--heap-growing-percent=50',
  '--optimize-for-size',
  // The optimising compiler takes 60 MB for the drawer of pictures, and longer than a picture does.
  '--liftoff-only',
];
