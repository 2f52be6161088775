import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

/** Large, and not to be had everywhere: `npm run test:agents` and `npm run test:programs` have configurations of their own. */
const APART = ['tests/agents/**', 'tests/programs/**'];

/** Takes long: minutes of output, many rounds, installs. */
const SLOW = 'tests/**/*.slow.test.ts';

/** Needs `npm run build`: drives the command, or starts a thread, which is a file of JavaScript only there. */
const BUILT = ['tests/e2e/**/*.test.ts', 'tests/**/*.built.test.ts'];

/**
 * Where a file belongs is said by its folder and its name; CONTRIBUTING.md has the rule. What says nothing is a unit test, so that a new
 * file is run by every script.
 */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...APART, ...BUILT, SLOW],
          // They share no state, so that modules need to be loaded once a worker and not once a file: half of the CPU time.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: BUILT,
          exclude: [...configDefaults.exclude, SLOW],
          // They wait more than they compute.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: [SLOW],
          exclude: [...configDefaults.exclude, ...APART],
          // Rendering takes much longer where coverage is counted.
          testTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // Runs in a browser.
      exclude: ['src/page/**'],
      reporter: [[join(import.meta.dirname, 'scripts/coverage-by-folder.cjs'), {}]],
      reportOnFailure: true,
    },
    setupFiles: ['tests/fixtures/seed.ts'],
    maxWorkers: 2,
    // Real programs under real PTYs, on a machine that may be busy: generous bounds.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
