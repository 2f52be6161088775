import { defineConfig } from 'vitest/config';

/** Real agents, each with a terminal of its own: two cores, so two at a time. `npm run test:agents` runs it. */
export default defineConfig({
  test: {
    include: ['tests/agents/**/*.test.ts'],
    maxConcurrency: 2,
    testTimeout: 180_000,
  },
});
