/** Prints the one line that sums up test runs, and fails if a test failed, was skipped, or none ran. */
import { existsSync, readFileSync } from 'node:fs'

const files = process.argv.slice(2)
const testResults = files.flatMap((file) =>
  existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).testResults : []
)

let passed = 0
let failed = 0
let skipped = 0
// A run without a report did not come to its end.
for (const file of files.filter((file) => !existsSync(file))) {
  failed += 1
  console.log(`failed: no report at ${file}`)
}
for (const { name, status, assertionResults } of testResults) {
  // A file that cannot be loaded has no tests to count: it counts as one that failed.
  if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
    failed += 1
    console.log(`failed: ${name}`)
  }
  for (const test of assertionResults) {
    if (test.status === 'passed') passed += 1
    else if (test.status === 'failed') failed += 1
    else {
      skipped += 1
      console.log(`${test.status}: ${test.fullName}`)
    }
  }
}

if (passed + failed + skipped === 0) console.log('No test ran.')
if (failed > 0 || skipped > 0 || passed === 0) process.exitCode = 1
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
