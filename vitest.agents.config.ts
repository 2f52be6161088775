import { defineConfig } from 'vitest/config';

/** Real agents, each with a terminal of its own: two cores, so two at a time. `npm run test:agents` runs it. */
export default defineConfig({
  test: {
    include: ['tests/agents/**/*.test.ts'],
    maxConcurrency: 2,
    // A line as each ends: all of them take minutes.
    reporters: ['verbose'],
    testTimeout: 180_000,
  },
});
