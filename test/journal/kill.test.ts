/** What was called done is there after kill -9 in the middle of appending. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aJournal, aReader, numbersIn, temporaryFile } from './support.ts'

const killings = 4
const doneBeforeKill = 3_000

describe('a journal whose process is killed with kill -9', () => {
  it(`has every message that was called done, ${killings} times in a row`, async () => {
    const dataFile = await temporaryFile()
    const done: number[] = []
    for (let run = 0; run < killings; run++) {
      done.push(...(await appendUntilKilled(dataFile, run * 1_000_000)))
    }
    expect(done.length).toBeGreaterThanOrEqual(killings * doneBeforeKill)

    const back = aReader(await aJournal({ dataFile })).read(0, 10_000_000)
    const there = new Set(numbersIn(back))
    expect(done.filter((n) => !there.has(n))).toEqual([])
    expect(there.size).toBe(back.length)
    expect(new Set(back.map((m) => m.sequence)).size).toBe(back.length)
  })
})

function appendUntilKilled(dataFile: string, firstNumber: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, 'appending-process.ts')
    const child = spawn(process.execPath, [script, dataFile, String(firstNumber)], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      if (printed.split('\n').length > doneBeforeKill) child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('close', () => resolve(completeLines(printed).map(Number)))
  })
}

/** The kill may cut the last line short. */
function completeLines(text: string): string[] {
  return text.split('\n').slice(0, -1)
}
