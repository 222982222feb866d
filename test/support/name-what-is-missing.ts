/** Before the tests run: names the outside programs that are missing here, and the one line that installs them. */
import { outside, outsidePrograms } from './outside.ts'

export function setup(): void {
  const absent = outsidePrograms.filter((program) => !outside(program).present)
  if (absent.length === 0) return
  const packages = [...new Set(absent.map((program) => outside(program).debianPackage))]
  process.stderr.write(
    `\nNot on this machine: ${absent.join(', ')}. The tests that need them are skipped.\n` +
      `To run them all: sudo apt-get install ${packages.join(' ')}\n\n`
  )
}
