/** Looks a hub over: clock, disk, folder, files, ports, secrets, backups; each with a word and, where needed, what to do. */
import { clockYearMin, clockYearMax, backupAgeMsMax } from '../limits.ts'
import { existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Config } from '../../config.ts'
import { megabytes } from '../../model/counted.ts'
import { civilTime, parseIsoZoned, spokenTime, type Clock, type UnixMs } from '../../model/time.ts'
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
        `${path} does not exist yet.`,
        'The first start creates it. If it is elsewhere, name it with --data.'
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
      ? ok('clock', `It is ${spokenTime(now, timezone)}.`)
      : bad(
          'clock',
          `It shows ${spokenTime(now, timezone)}.`,
          'Set it, and keep it right with a time server: timedatectl set-ntp true'
        ),
    timezoneGiven || timezone !== 'UTC'
      ? ok('time zone', `Days are counted in ${timezone}.`)
      : warn(
          'time zone',
          'Days are counted in UTC, because the machine has no other time zone set.',
          'Set LAMPPOST_TIMEZONE, for example to Europe/London.'
        )
  ]
}

async function examineDisk(what: string, path: string): Promise<Finding> {
  const { bavail, bsize, ffree, files } = await statfs(nearestFolder(path))
  const free = bavail * bsize
  const says = `${megabytes(free)} are free at ${path}.`
  if (free < freeBytesBad)
    return bad(what, says, 'Free some space now: with a full disk no messages are acknowledged.')
  if (files > 0 && ffree === 0)
    return bad(what, 'The disk has no room for more files.', 'Remove files that are not needed.')
  if (free < freeBytesWarn) return warn(what, says, 'Free some space before it fills up.')
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
  if ((mode & 0o077) === 0) findings.push(ok('data folder', `Only its owner can read ${path}.`))
  else {
    findings.push(
      bad(
        'data folder',
        `Other users can read ${path}, which contains readings of homes.`,
        `chmod 700 ${path}`
      )
    )
  }
  return findings
}

function examineHub(running: HubSays | undefined): Finding[] {
  if (!running) return [ok('hub', 'No hub is running on this data folder.')]
  if (running.reasons.length === 0) return [ok('hub', 'It is running and ready.')]
  return running.reasons.map((reason) => warn('hub', reason, 'docs/operating.md says what each line means.'))
}

function examineTlsKey({ mqtts, https }: Config): Finding[] {
  const secured = mqtts ?? https
  if (!secured) return []
  const { keyFile, certFile } = secured
  const missing = [certFile, keyFile].find((file) => !existsSync(file))
  if (missing)
    return [bad('TLS key', `There is no file ${missing}.`, 'Correct LAMPPOST_TLS_CERT and LAMPPOST_TLS_KEY.')]
  if ((statSync(keyFile).mode & 0o077) === 0) return [ok('TLS key', `Only its owner can read ${keyFile}.`)]
  return [bad('TLS key', `Other users can read ${keyFile}.`, `chmod 600 ${keyFile}`)]
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
  { backups, timezone }: Config,
  now: UnixMs,
  lastBackupAt: string | undefined
): Promise<Finding[]> {
  if (!backups) {
    return lastBackupAt === undefined
      ? [
          warn(
            'backup',
            'No backup was ever made.',
            'Set LAMPPOST_BACKUP_DIR, or make a backup: npx lamppost backup FILE'
          )
        ]
      : [age(parseIsoZoned(lastBackupAt), now, timezone)]
  }
  if (!existsSync(backups.dir))
    return [bad('backup', `There is no folder ${backups.dir}.`, 'Create it, or mount its disk.')]
  const newest = newestBackupAt(backups.dir)
  return [
    newest === undefined
      ? warn(
          'backup',
          `There is none in ${backups.dir} yet.`,
          `The hub makes one within minutes of its start.`
        )
      : age(newest, now, timezone),
    await examineDisk('backup disk', resolve(backups.dir))
  ]
}

function age(at: UnixMs | undefined, now: UnixMs, timezone: string): Finding {
  if (at === undefined)
    return warn('backup', 'The time of the last backup cannot be read.', 'Make a new backup.')
  const says = `The last one was made on ${spokenTime(at, timezone)}.`
  if (now - at <= backupAgeMsMax) return ok('backup', says)
  return warn('backup', says, 'Look at the hub’s log for why, or make one: npx lamppost backup FILE')
}
