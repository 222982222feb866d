/** Looks a hub over: clock, disk, folder, files, ports, secrets, backups; each with a word and, where needed, what to do. */
import { clockYearMin, clockYearMax, backupAgeMsMax } from '../limits.ts'
import { existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Config } from '../../config.ts'
import { megabytes } from '../../model/counted.ts'
import { civilTime, parseIsoZoned, toIso, type Clock, type UnixMs } from '../../model/time.ts'
import { examineFiles } from './files.ts'
import { examineInflux } from './influx.ts'
import { examinePorts } from './ports.ts'
import { examineTls } from './tls.ts'
import { bad, ok, warn, type Finding, type HubSays } from './finding.ts'
import { newestBackupAt } from '../backup/schedule.ts'

export interface DoctorOptions {
  config: Config
  clock: Clock
  /** undefined: no hub answers on the data folder. */
  running: HubSays | undefined
  onProgress(doing: string): void
}

const freeBytesBad = 100e6
const freeBytesWarn = 1e9

export async function examine({ config, clock, running, onProgress }: DoctorOptions): Promise<Finding[]> {
  const path = resolve(config.dataDir)
  const findings = [...examineClock(config, clock.now()), await examineDisk('disk', path)]
  let lastBackupAt: string | undefined
  if (existsSync(path)) {
    findings.push(...examineFolder(path))
    const files = await examineFiles(path, config, running, onProgress)
    findings.push(...files.findings)
    if (config.influx) {
      onProgress('asking InfluxDB')
      findings.push(...(await examineInflux(config.influx, clock, running)))
    }
    lastBackupAt = files.lastBackupAt
  } else {
    findings.push(
      warn(
        'data folder',
        `${path} is not there yet.`,
        'It is made by the first start, or name the right one with --data.'
      )
    )
  }
  findings.push(...examineHub(running), ...(await examinePorts(config, running)), ...examineTlsKey(config))
  findings.push(...(await examineTls(config, clock, running)))
  findings.push(examineNotice(config))
  findings.push(...(await examineBackups(config, clock.now(), lastBackupAt)))
  return findings
}

function examineClock({ timezone, timezoneGiven }: Config, now: UnixMs): Finding[] {
  const { year } = civilTime(now, timezone)
  const sane = year >= clockYearMin && year <= clockYearMax
  return [
    sane
      ? ok('clock', `It is ${toIso(now)}.`)
      : bad('clock', `It shows ${toIso(now)}.`, 'Set it, and let it be kept right: timedatectl set-ntp true'),
    timezoneGiven || timezone !== 'UTC'
      ? ok('time zone', `Days are those of ${timezone}.`)
      : warn(
          'time zone',
          'Days are those of UTC, because the machine says nothing else.',
          'Set LAMPPOST_TIMEZONE, for example to Europe/London.'
        )
  ]
}

async function examineDisk(what: string, path: string): Promise<Finding> {
  const { bavail, bsize, ffree, files } = await statfs(nearestFolder(path))
  const free = bavail * bsize
  const says = `${megabytes(free)} free for ${path}.`
  if (free < freeBytesBad)
    return bad(what, says, 'Make room now: with a full disk nothing is acknowledged any more.')
  if (files > 0 && ffree === 0)
    return bad(what, 'No file can be made any more.', 'Remove files nobody needs.')
  if (free < freeBytesWarn) return warn(what, says, 'Make room before it fills up.')
  return ok(what, says)
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path))
}

function examineFolder(path: string): Finding[] {
  const { mode, uid } = statSync(path)
  const me = process.getuid?.()
  const findings: Finding[] = []
  if (me !== undefined && me !== 0 && uid !== me) {
    findings.push(
      warn('data folder', `${path} belongs to another user (${uid}).`, 'Run commands as the user of the hub.')
    )
  }
  if ((mode & 0o077) === 0) findings.push(ok('data folder', `${path} is its owner’s alone.`))
  else {
    findings.push(
      bad('data folder', `Others may look into ${path}, where readings of homes are.`, `chmod 700 ${path}`)
    )
  }
  return findings
}

function examineHub(running: HubSays | undefined): Finding[] {
  if (!running) return [ok('hub', 'No hub is running on this data folder.')]
  if (running.reasons.length === 0) return [ok('hub', 'It runs and is ready.')]
  return running.reasons.map((reason) => warn('hub', reason, 'docs/operating.md says what each line means.'))
}

function examineTlsKey({ mqtts, https }: Config): Finding[] {
  const secured = mqtts ?? https
  if (!secured) return []
  const { keyFile, certFile } = secured
  const missing = [certFile, keyFile].find((file) => !existsSync(file))
  if (missing)
    return [bad('TLS key', `There is no file ${missing}.`, 'Correct LAMPPOST_TLS_CERT and LAMPPOST_TLS_KEY.')]
  if ((statSync(keyFile).mode & 0o077) === 0) return [ok('TLS key', `${keyFile} is its owner’s alone.`)]
  return [bad('TLS key', `Others may read ${keyFile}.`, `chmod 600 ${keyFile}`)]
}

/** People whose homes are measured must know whom to ask. */
function examineNotice({ operator, operatorContact }: Config): Finding {
  const missing = [
    ...(operator === null ? ['LAMPPOST_OPERATOR'] : []),
    ...(operatorContact === null ? ['LAMPPOST_OPERATOR_CONTACT'] : [])
  ]
  return missing.length === 0
    ? ok('privacy notice', 'The page /privacy says who runs this hub and how to reach them.')
    : warn(
        'privacy notice',
        'The page /privacy does not say who runs this hub and how to reach them.',
        `Set ${missing.join(' and ')}.`
      )
}

async function examineBackups(
  { backups }: Config,
  now: UnixMs,
  lastBackupAt: string | undefined
): Promise<Finding[]> {
  if (!backups) {
    return lastBackupAt === undefined
      ? [
          warn(
            'backup',
            'There never was one.',
            'Set LAMPPOST_BACKUP_DIR, or make one: npx lamppost backup FILE'
          )
        ]
      : [age(parseIsoZoned(lastBackupAt), now)]
  }
  if (!existsSync(backups.dir))
    return [bad('backup', `There is no folder ${backups.dir}.`, 'Make it, or mount its disk.')]
  const newest = newestBackupAt(backups.dir)
  return [
    newest === undefined
      ? warn('backup', `None is in ${backups.dir} yet.`, `The hub makes one within minutes of its start.`)
      : age(newest, now),
    await examineDisk('backup disk', resolve(backups.dir))
  ]
}

function age(at: UnixMs | undefined, now: UnixMs): Finding {
  if (at === undefined) return warn('backup', 'When the last one was made cannot be read.', 'Make one.')
  const says = `The last one was made at ${toIso(at)}.`
  if (now - at <= backupAgeMsMax) return ok('backup', says)
  return warn('backup', says, 'Look at the hub’s log for why, or make one: npx lamppost backup FILE')
}
