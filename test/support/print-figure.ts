/** A line of a benchmark: what was measured, beside its aim. */
export function printFigure(what: string, value: number, aim = ''): void {
  const number = value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })
  process.stdout.write(`${what}: ${number}${aim ? ` (aim ${aim})` : ''}\n`)
}

export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
