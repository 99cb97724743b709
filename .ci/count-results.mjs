// Prints "passed failed skipped" of a result file: `vitest` (its JSON reporter) or `junit` (pytest).
import { readFileSync } from "node:fs";

const [, , file, kind] = process.argv;
const text = readFileSync(file, "utf8");

if (kind === "vitest") {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(text);
  // A file that could not be loaded has no tests to count.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every((one) => one.status !== "failed"),
  );
  console.log(numPassedTests, numFailedTests + broken.length, numPendingTests + numTodoTests);
} else {
  const sum = (name) =>
    [...text.matchAll(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`, "g"))].reduce(
      (total, [, n]) => total + Number(n),
      0,
    );
  const failed = sum("failures") + sum("errors");
  console.log(sum("tests") - failed - sum("skipped"), failed, sum("skipped"));
}
