/** The doctor's look at the files of a hub: whole or not, and who may read them. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import {
  checkJournal,
  checkReadings,
  checkRegistry,
  checkSqlite,
  type RegistryCheck
} from '../check-files.ts'
import {
  DataFolderError,
  fileNames,
  foldersFiles,
  holdDataFolder,
  influxFileName
} from '../../hub/data-folder.ts'
import { shortOfConsentsText } from '../../hub/short-of-consents.ts'
import { storeChoiceOf } from '../../hub/store-choice.ts'
import { bad, ok, warn, type Finding, type HubSays } from './finding.ts'
import { counted } from '../../model/counted.ts'

const restoreIt =
  'Stop the hub, keep the folder, and restore a backup into another one: npx lamppost restore FILE --data DIR'

export async function examineFiles(
  path: string,
  { timezone, influx }: Pick<Config, 'timezone' | 'influx'>,
  running: HubSays | undefined,
  onProgress: (doing: string) => void
): Promise<{ findings: Finding[]; lastBackupAt: string | undefined }> {
  const known = [...Object.values(fileNames), influxFileName]
  const present = known.filter((name) => existsSync(join(path, name)))
  if (present.length === 0) return { findings: [ok('files', 'None yet.')], lastBackupAt: undefined }
  // Without a hub the folder is held meanwhile, so that none can start while its files are open here.
  const held = running ? undefined : hold(path)
  if (held && 'state' in held) return { findings: [held], lastBackupAt: undefined }
  const options = { inUse: running !== undefined }
  const findings: Finding[] = []
  let lastBackupAt: string | undefined
  let short: RegistryCheck['shortOfConsents'] = []
  const look = async (name: string, check: () => Promise<string> | string): Promise<void> => {
    onProgress(`checking ${name}`)
    if (!present.includes(name))
      findings.push(bad(name, 'It is missing, although its companion files exist.', restoreIt))
    else findings.push(await verdict(name, check))
  }
  try {
    await look(fileNames.registry, () => {
      const found = checkRegistry(join(path, fileNames.registry), options)
      lastBackupAt = found.lastBackupAt
      short = found.shortOfConsents
      return `Whole: ${counted(found.streets, 'street')}, ${counted(found.devices, 'sensor')}.`
    })
    await look(fileNames.journal, () => {
      const found = checkJournal(join(path, fileNames.journal), options)
      const behind = Math.max(0, found.lastSequence - found.checkpoint)
      return `Intact: ${counted(found.messages, 'message')}, all checksums match; ${behind} not stored yet, ${found.held} waiting for a place.`
    })
    const misplaced = misplacedStore(path, influx)
    if (misplaced) findings.push(misplaced)
    else if (influx) {
      if (present.includes(influxFileName)) {
        await look(influxFileName, () => {
          checkSqlite(join(path, influxFileName), options)
          return 'Intact: the state that InfluxDB itself cannot keep.'
        })
      } else findings.push(stateMissing)
    } else
      await look(fileNames.readings, async () => {
        // Only one process can open it; a running hub has it open and has just counted.
        if (running?.storeFailing) throw new Error(running.storeFailing)
        const readings =
          running?.readings ?? (await checkReadings(join(path, fileNames.readings), timezone)).readings
        return `It can be opened and has ${counted(readings, 'reading')}.`
      })
    findings.push(...short.map(consentFinding), ...examineRights(path, present))
  } finally {
    if (held) held.release()
  }
  return { findings, lastBackupAt }
}

function consentFinding(street: RegistryCheck['shortOfConsents'][number]): Finding {
  const [says, todo] = shortOfConsentsText(street)
  return warn('consents', says, todo)
}

const stateMissing = warn(
  influxFileName,
  'It is missing.',
  'The next start rebuilds it from InfluxDB; only the values that imports had replaced are lost.'
)

/** The settings name one store, and the folder's readings are in the other. */
function misplacedStore(path: string, influx: Config['influx']): Finding | undefined {
  try {
    storeChoiceOf(foldersFiles(path), influx)
    return undefined
  } catch (cause) {
    if (!(cause instanceof DataFolderError)) throw cause
    const [says = '', ...todo] = cause.message.split(/(?<=\.) (?=Set|Leave)/)
    return bad('store', says, todo.join(' '))
  }
}

function hold(path: string): { release(): void } | Finding {
  try {
    return holdDataFolder(path)
  } catch (cause) {
    if (!(cause instanceof DataFolderError)) throw cause
    return cause.code === 'inUse'
      ? warn(
          'files',
          'Another process is using the folder and does not answer, so its files were not checked.',
          'This is normal for a moment while a hub starts or stops; try again.'
        )
      : cause.code === 'full'
        ? bad('data folder', cause.message, 'Until then neither the hub nor a command can start.')
        : bad('data folder', cause.message, 'Run the doctor as the user of the hub.')
  }
}

async function verdict(name: string, check: () => Promise<string> | string): Promise<Finding> {
  try {
    return ok(name, await check())
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return bad(name, `It is damaged: ${why}.`, restoreIt)
  }
}

function examineRights(path: string, names: readonly string[]): Finding[] {
  // Files in a folder that is closed to others cannot be reached by them, whatever their own rights are.
  if ((statSync(path).mode & 0o077) === 0) return []
  const open = names.filter((name) => (statSync(join(path, name)).mode & 0o077) !== 0)
  if (open.length === 0) return []
  return [
    bad(
      'secrets',
      `Other users can read ${open.join(', ')}.`,
      `chmod 600 ${open.map((n) => join(path, n)).join(' ')}`
    )
  ]
}
