// Reads vitest's JSON report and says, as the last line, how many tests passed and failed:
//   node scripts/test-summary.mjs REPORT
// Exits 1 where the report is missing, counts no test at all, or is not one of success.
import { readFileSync } from 'node:fs';

const [report] = process.argv.slice(2);
try {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numTotalTests, numFailedTestSuites, success } =
    JSON.parse(readFileSync(report, 'utf8'));
  if (!(numTotalTests > 0)) throw new Error('it counts no tests');
  // A file that fails to load has no failed test, only a failed suite.
  if (numFailedTestSuites > 0 && numFailedTests === 0) console.error('A test file could not be loaded: see above.');
  const skipped = numPendingTests + numTodoTests;
  console.log(`${numPassedTests} passed, ${numFailedTests} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  if (!success) process.exitCode = 1;
} catch (error) {
  console.error(`No test result in ${report}: ${error.message}`);
  console.log('0 passed, 0 failed');
  process.exitCode = 1;
}
