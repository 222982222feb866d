/** One hub for all tests of a file: started before them on a folder of its own, stopped and removed after them. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import {
  command,
  commandJson,
  startHubProcess,
  temporaryFolder,
  type CommandOutcome,
  type HubProcess
} from './hub-process.ts'

export interface OneHub {
  /** For files of the test's own; the hub's are in `dataDir`, a folder below it. */
  path: string
  dataDir: string
  /** `--data` and the folder, for a command that is run otherwise. */
  data: readonly [string, string]
  /** The hub that runs now: the first one, or the one that `restart` started. */
  readonly process: HubProcess
  readonly url: string
  readonly mqttPort: number
  /** Starts another hub on the folder, after a test ended the first. */
  restart(): Promise<HubProcess>
  run(...args: string[]): Promise<CommandOutcome>
  json<T>(...args: string[]): Promise<T>
}

/** The hub logs warnings only; `env` has more settings. It must end with status 0 when the tests are over. */
export function oneHub(env: NodeJS.ProcessEnv = {}): OneHub {
  const folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  const data = ['--data', dataDir] as const
  let hub: HubProcess | undefined
  const restart = async (): Promise<HubProcess> =>
    (hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'warn', ...env }))
  beforeAll(() => restart())
  afterAll(async () => {
    if (hub) expect(await hub.stop()).toBe(0)
    folder.remove()
  })
  const running = (): HubProcess => {
    if (!hub) throw new Error('The hub starts before the first test, not while the file is read.')
    return hub
  }
  return {
    path: folder.path,
    dataDir,
    data,
    get process() {
      return running()
    },
    get url() {
      return running().url
    },
    get mqttPort() {
      return running().mqttPort
    },
    restart,
    run: (...args) => command([...args, ...data]),
    json: <T>(...args: string[]) => commandJson<T>([...args, ...data])
  }
}
