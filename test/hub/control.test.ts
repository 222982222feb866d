/** The socket through which a command reaches a running hub, when whoever asked goes away. */
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { commandByWords } from '../../cli/commands/all.ts'
import { startControl } from '../../hub/control/server.ts'
import { openRooms } from '../../hub/rooms.ts'
import { sealedExport } from '../../documents/export/sealed.ts'
import type { ReadingsPart } from '../../store/promise/export.ts'
import { temporaryFolder } from '../support/hub-process.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

it('lets go of what an export holds when its reader stops reading and is killed', async () => {
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const rooms = await openRooms({
    dataDir: join(folder.path, 'data'),
    hubName: 'Lanternfield',
    timezone: 'Europe/London',
    log: quiet,
    onFatal(cause) {
      throw cause
    }
  })
  let chunks = 0
  let release = (): void => undefined
  const isDisconnected = new Promise<void>((resolve) => (release = resolve))
  /** As long as somebody asks; a store of a year would do as well. */
  async function* endless(): AsyncGenerator<ReadingsPart> {
    try {
      yield { kind: 'head', series: [{ siteId: 's-1', deviceId: 'd-1', quantity: 'pm2_5' }], corrections: [] }
      for (;;) {
        chunks++
        await new Promise(setImmediate)
        yield aChunk()
      }
    } finally {
      release()
    }
  }
  const service = { ...rooms.pipeline.service, drain: () => Promise.resolve(), export: endless }
  const makeExport: typeof rooms.makeExport = (asked) => sealedExport(service, asked)
  const control = await startControl(
    rooms.folder.socketFile,
    {
      ...rooms,
      pipeline: { ...rooms.pipeline, service },
      makeExport,
      hubName: 'Testing Town',
      disconnect: () => undefined,
      backups: null,
      mqttPort: 0,
      dashboardUrl: () => 'http://localhost:8080',
      httpPort: 0,
      deviceHost: 'localhost'
    },
    async (words) => (await commandByWords(words))?.run
  )

  const asking = request({ socketPath: rooms.folder.socketFile, method: 'POST', path: '/' })
  asking.on('error', () => undefined) // It is cut below.
  asking.end(JSON.stringify({ words: 'export', input: { positionals: [], values: { format: 'csv' } } }))
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  response.pause()
  // Until no more goes into the socket: from then on the hub waits for room in it.
  for (let before = -1; before !== chunks;) {
    before = chunks
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
  }
  response.on('error', () => undefined)
  asking.destroy()
  await isDisconnected
  expect(chunks).toBeGreaterThan(1)
  await control.stop()
  await rooms.close()
})

function aChunk(): ReadingsPart {
  const rows = 2_000
  return {
    kind: 'rows',
    time: new Float64Array(rows),
    series: new Uint32Array(rows),
    value: new Float64Array(rows),
    flag: new Uint8Array(rows).fill(1),
    reasons: new Uint32Array(rows),
    received: new Float64Array(rows)
  }
}
