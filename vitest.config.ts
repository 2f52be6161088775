import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/fixtures/seed.ts'],
    // Large, slow, and not to be had everywhere: `npm run test:agents`, `npm run test:programs`.
    exclude: [...configDefaults.exclude, 'tests/agents/**', 'tests/programs/**'],
    // End-to-end tests start real programs under real PTYs: two cores, so two at a time, and generous bounds.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
