// Reads the JSON report of one vitest run and judges it without trusting the exit code alone.
import { readFileSync } from 'node:fs';

const nothing = { passed: 0, failed: 0, skipped: 0, problems: [] };

export const sum = (counts) =>
  counts.reduce(
    (total, each) => ({
      passed: total.passed + each.passed,
      failed: total.failed + each.failed,
      skipped: total.skipped + each.skipped,
      problems: [...total.problems, ...each.problems],
    }),
    nothing,
  );

export const failure = (problem) => ({ ...nothing, failed: 1, problems: [problem] });

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

// A file that cannot be loaded, or whose hooks fail, has no failed test of its own.
const brokenFiles = (report) =>
  report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );

function namesOf(report, status) {
  return report.testResults.flatMap((file) =>
    file.assertionResults.filter((test) => test.status === status).map((test) => test.fullName),
  );
}

/**
 * Counts of one run. Broken files count as one failure each; so do a missing report, an exit code without a failed
 * test (an unhandled error), and a run of no test at all.
 */
export function judge({ label, file, code }) {
  const report = readReport(file);
  if (!report) return failure(`${label}: ended with code ${code} and without a report`);
  const broken = brokenFiles(report).map((each) => `${label}: ${each.name} could not run`);
  const failures = namesOf(report, 'failed').map((name) => `${label}: ${name}`);
  const counts = {
    passed: report.numPassedTests,
    failed: failures.length + broken.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    problems: [...failures, ...broken],
  };
  const total = counts.passed + counts.failed + counts.skipped;
  if (total === 0) return failure(`${label}: has test files but ran no test`);
  if (counts.failed === 0 && code !== 0) {
    return sum([
      counts,
      failure(`${label}: every test passed but the run ended with code ${code}`),
    ]);
  }
  return counts;
}

/** `N passed, N failed` and, where there are any, `, N skipped`. */
export const formatCounts = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
