import { defineConfig } from 'vitest/config';

/**
 * The unit tests of what `npm run test:mutations` changes, and no others: each change is tried with those that reach it, many hundred times
 * in all. They run in a thread, where no test may leave its folder.
 */
export default defineConfig({
  test: {
    include: [
      'tests/render/{redraw,screen,transcript}/*.test.ts',
      'tests/store/{clocks,log-writer,prune,prune-choice,repair-index,time-index,time-lookup,within-limits}.test.ts',
    ],
    setupFiles: ['tests/fixtures/seed.ts'],
    testTimeout: 60_000,
  },
});
