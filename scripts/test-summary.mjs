// Reads vitest's JSON reports and says, as the last line, how many tests passed and failed, each counted once: it has failed where it
// failed in any report, and was skipped where all skipped it.
//   node scripts/test-summary.mjs REPORT…
// Exits 1 where a report is missing, counts no test at all, or is not one of success.
import { readFileSync } from 'node:fs';

const RANK = { passed: 1, failed: 2 };
const tests = new Map();
for (const path of process.argv.slice(2)) {
  try {
    const { numTotalTests, numFailedTests, numFailedTestSuites, success, testResults } = JSON.parse(
      readFileSync(path, 'utf8'),
    );
    if (!(numTotalTests > 0)) throw new Error('it counts no tests');
    // A file that fails to load has no failed test, only a failed suite.
    if (numFailedTestSuites > 0 && numFailedTests === 0) console.error('A test file could not be loaded: see above.');
    for (const { name, assertionResults } of testResults) {
      const seen = new Map();
      for (const { fullName, status } of assertionResults) {
        // Two tests of a file may have the same name.
        const times = (seen.get(fullName) ?? 0) + 1;
        seen.set(fullName, times);
        const key = JSON.stringify([name, fullName, times]);
        if ((RANK[status] ?? 0) >= (RANK[tests.get(key)] ?? 0)) tests.set(key, status);
      }
    }
    if (!success) process.exitCode = 1;
  } catch (error) {
    console.error(`No test result in ${path}: ${error.message}`);
    process.exitCode = 1;
  }
}
const count = (wanted) => [...tests.values()].filter((status) => status === wanted).length;
const [passed, failed] = [count('passed'), count('failed')];
const skipped = tests.size - passed - failed;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
if (tests.size === 0) process.exitCode = 1;
