import { defineConfig } from 'vitest/config';

/** Real programs that draw again what they drew, one after the other. `npm run test:programs` runs it. */
export default defineConfig({
  test: {
    include: ['tests/programs/**/*.test.ts'],
    maxWorkers: 1,
    reporters: ['verbose'],
    testTimeout: 120_000,
  },
});
