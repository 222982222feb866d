/** Before the tests run: names the outside programs that are missing here, and the lines that install them. */
import { outside, outsidePrograms, type Outside } from './outside.ts'

export function setup(): void {
  const absent = outsidePrograms.filter((program) => !outside(program).present)
  if (absent.length === 0) return
  const lines = installLines(absent.map((program) => outside(program)))
  process.stderr.write(
    `\nNot on this machine: ${absent.join(', ')}. The tests that need them are skipped.\n` +
      `To run them all:\n${lines.map((line) => `  ${line}\n`).join('')}\n`
  )
}

/** One line for everything that Debian brings, one for each thing that it does not. */
function installLines(absent: Outside[]): string[] {
  const packages = new Set(absent.flatMap(({ debianPackage }) => debianPackage ?? []))
  const others = absent.filter(({ debianPackage }) => debianPackage === undefined)
  // Whoever has the server has any server.
  const built = new Set(others.map(({ installLine }) => installLine.split(' (or ')[0]!))
  return [...(packages.size > 0 ? [`sudo apt-get install ${[...packages].join(' ')}`] : []), ...built]
}
