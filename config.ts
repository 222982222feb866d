/** The only reader of the environment: its settings, read strictly, with one clear line for what is wrong. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import {
  ConfigError,
  contact,
  deviceAddress,
  line,
  listed,
  logLevels,
  mail,
  memoryMb,
  names,
  notEmpty,
  oneOf,
  openFamilies,
  port,
  proxies,
  settings,
  timezone,
  url,
  wholeNumber,
  type Flags,
  type LogLevel,
  type Setting,
  type SettingName,
  type Text
} from './settings.ts'

export { ConfigError, settings, type Flags, type SettingName }

export interface Config {
  dataDir: string
  httpPort: number
  mqttPort: number
  /** TLS beside plain MQTT: all three or none. */
  mqtts: { port: number; certFile: string; keyFile: string } | null
  /** The pages and the API, with the same certificate. */
  https: { port: number; certFile: string; keyFile: string } | null
  /** Address to listen on. */
  host: string
  /** Proxies whose word is taken for where a connection or a request comes from: addresses and networks. */
  proxies: string[]
  publicUrl: string | null
  /** Names that the hub answers to, that of `publicUrl` included. */
  names: string[]
  timezone: string
  /** Was the zone set, or taken from the machine? */
  timezoneGiven: boolean
  /** Bytes that the journal may hold. */
  journalBytesMax: number
  /** Megabytes that the hub may take; null: what there is. */
  memoryMb: number | null
  store: 'duckdb' | 'influx'
  influx: {
    url: string
    token: string
    org: string
    bucket: string
    /** Of single readings; null: for ever. */
    retentionDays: number | null
  } | null
  /** Shown in page titles: the neighbourhood's name. */
  name: string
  /** Was the name set? */
  nameGiven: boolean
  /** Who runs the hub, and how they are reached; null until somebody says so. */
  operator: string | null
  operatorContact: string | null
  dataLicence: string
  /** May anybody read `streets/#` over MQTT without a password? */
  publicMqtt: boolean
  /** Families whose boxes are taken without a secret. */
  allowUnauthenticated: ReadonlySet<string>
  /** What settings printed for boxes name as the hub's address; null: the one that the hub is reached by. */
  deviceAddress: string | null
  securityContact: string | null
  /** How alerts are sent; null: not by that. */
  alerts: { mail: { url: string; from: string } | null; ntfyUrl: string | null }
  logLevel: LogLevel
  /** Backups that the hub makes by itself, once a day at `hour` of its zone; null: none. */
  backups: { dir: string; hour: number; keep: number } | null
}

/** Flags win over the environment, the environment over defaults. */
export function readConfig(env: Environment, flags: Flags = {}): Config {
  refuseUnknown(env)
  const text = textIn(env, flags)
  return {
    dataDir: notEmpty('LAMPPOST_DATA', text),
    httpPort: port('LAMPPOST_HTTP_PORT', text),
    mqttPort: port('LAMPPOST_MQTT_PORT', text),
    mqtts: secured('LAMPPOST_MQTTS_PORT', text),
    https: secured('LAMPPOST_HTTPS_PORT', text),
    host: notEmpty('LAMPPOST_HOST', text),
    proxies: proxies(text),
    publicUrl: url('LAMPPOST_PUBLIC_URL', text),
    names: names(text),
    timezone: timezone(text('LAMPPOST_TIMEZONE')),
    timezoneGiven: text('LAMPPOST_TIMEZONE') !== '',
    journalBytesMax: wholeNumber('LAMPPOST_JOURNAL_MB', 16, 999_999, text) * 1024 ** 2,
    memoryMb: memoryMb(text),
    store: oneOf('LAMPPOST_STORE', ['duckdb', 'influx'] as const, text),
    influx: text('LAMPPOST_STORE') === 'influx' ? influx('LAMPPOST_STORE=influx', text) : null,
    name: notEmpty('LAMPPOST_NAME', text),
    nameGiven: env['LAMPPOST_NAME'] !== undefined,
    operator: line('LAMPPOST_OPERATOR', text),
    operatorContact: line('LAMPPOST_OPERATOR_CONTACT', text),
    dataLicence: notEmpty('LAMPPOST_DATA_LICENCE', text),
    publicMqtt: oneOf('LAMPPOST_PUBLIC_MQTT', ['on', 'off'] as const, text) === 'on',
    allowUnauthenticated: new Set(
      listed(
        'LAMPPOST_ALLOW_UNAUTHENTICATED',
        text,
        (one) => openFamilies.has(one),
        `some of: ${[...openFamilies].join(', ')}`
      )
    ),
    deviceAddress: deviceAddress('LAMPPOST_DEVICE_ADDRESS', text),
    securityContact: contact(text('LAMPPOST_SECURITY_CONTACT')),
    alerts: { mail: mail(text), ntfyUrl: url('LAMPPOST_NTFY_URL', text) },
    logLevel: oneOf('LAMPPOST_LOG_LEVEL', logLevels, text),
    backups: backups(text)
  }
}

export type Environment = Record<string, string | undefined>

/** What a demo takes of `.env`: it keeps away from everything that is a real hub's. */
const demoNames: readonly SettingName[] = [
  'LAMPPOST_HTTP_PORT',
  'LAMPPOST_MQTT_PORT',
  'LAMPPOST_HOST',
  'LAMPPOST_LOG_LEVEL'
]

/** Beside package.json. */
export const envFile: string = join(import.meta.dirname, '.env')

/** The environment of this process; for what it leaves open, `.env` beside package.json. */
export function processEnvironment(who: 'hub' | 'demo' = 'hub'): Environment {
  return withEnvFile(process.env, envFile, who)
}

/** A setting in the environment wins over the file's. */
export function withEnvFile(env: Environment, file: string, who: 'hub' | 'demo'): Environment {
  const isTaken = (name: string): boolean => who === 'hub' || demoNames.some((one) => one === name)
  return {
    ...Object.fromEntries(Object.entries(readEnvFile(file)).filter(([name]) => isTaken(name))),
    ...env
  }
}

/** The settings in a file of `NAME=value` lines; other names (Docker Compose has some) are not ours. Without a file, none. */
function readEnvFile(file: string): Environment {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    if (code === 'ENOENT') return {}
    throw new ConfigError(`${file} cannot be read (${code}). Correct its permissions, or move it away.`)
  }
  const found = parseEnv(text)
  refuseUnknown(found, ` (in ${file})`)
  return Object.fromEntries(Object.entries(found).filter(([name]) => Object.hasOwn(settings, name)))
}

/** The InfluxDB of the settings, whichever store is set: for taking readings there, or from there. */
export function influxSettings(env: Environment): NonNullable<Config['influx']> {
  return influx('InfluxDB', textIn(env, {}))
}

function textIn(env: Environment, flags: Flags): Text {
  return (name) => {
    const setting: Setting = settings[name]
    const flag = setting.flag as keyof Flags | undefined
    return ((flag ? flags[flag] : undefined) ?? env[name] ?? setting.default).trim()
  }
}

function refuseUnknown(env: Environment, where = ''): void {
  for (const name of Object.keys(env)) {
    // LAMPPOST_TEST_… names belong to the tests, which the hub does not read.
    if (!name.startsWith('LAMPPOST_') || name.startsWith('LAMPPOST_TEST_') || Object.hasOwn(settings, name))
      continue
    throw new ConfigError(
      `${name}${where} is not a Lamppost setting. Remove or correct it; .env.example lists the settings.`
    )
  }
}

function backups(text: Text): Config['backups'] {
  const dir = text('LAMPPOST_BACKUP_DIR')
  const hour = wholeNumber('LAMPPOST_BACKUP_HOUR', 0, 23, text)
  const keep = wholeNumber('LAMPPOST_BACKUP_KEEP', 1, 10_000, text)
  return dir ? { dir, hour, keep } : null
}

/** Both doors have one certificate; a certificate without a door is a mistake, and so is a door without it. */
function secured(
  portName: 'LAMPPOST_MQTTS_PORT' | 'LAMPPOST_HTTPS_PORT',
  text: Text
): { port: number; certFile: string; keyFile: string } | null {
  const ports = ['LAMPPOST_MQTTS_PORT', 'LAMPPOST_HTTPS_PORT'] as const
  const files = ['LAMPPOST_TLS_CERT', 'LAMPPOST_TLS_KEY'] as const
  const given = [...ports, ...files].filter((name) => text(name))
  if (given.length === 0) return null
  if (!ports.some((name) => text(name)) || !files.every((name) => text(name))) {
    throw new ConfigError(
      `HTTPS needs LAMPPOST_HTTPS_PORT, LAMPPOST_TLS_CERT and LAMPPOST_TLS_KEY, MQTT over TLS needs LAMPPOST_MQTTS_PORT and the same two; only ${given.join(' and ')} is set.`
    )
  }
  if (!text(portName)) return null
  return {
    port: port(portName, text),
    certFile: text('LAMPPOST_TLS_CERT'),
    keyFile: text('LAMPPOST_TLS_KEY')
  }
}

function influx(what: string, text: Text): NonNullable<Config['influx']> {
  const names = ['INFLUX_URL', 'INFLUX_TOKEN', 'INFLUX_ORG', 'INFLUX_BUCKET'] as const
  const missing = names.filter(
    (name) => !text(name) && !(name === 'INFLUX_TOKEN' && text('INFLUX_TOKEN_FILE'))
  )
  if (missing.length > 0) {
    throw new ConfigError(`${what} also needs ${missing.join(', ')}.`)
  }
  const retentionDays = wholeNumber('INFLUX_RETENTION_DAYS', 0, 36_500, text)
  return {
    url: url('INFLUX_URL', text)!,
    token: influxToken(text),
    org: text('INFLUX_ORG'),
    bucket: influxBucket(text),
    retentionDays: retentionDays === 0 ? null : retentionDays
  }
}

function influxToken(text: Text): string {
  const file = text('INFLUX_TOKEN_FILE')
  if (file && text('INFLUX_TOKEN')) {
    throw new ConfigError('INFLUX_TOKEN and INFLUX_TOKEN_FILE are both set. Remove one of them.')
  }
  const token = file ? contentOf(file) : text('INFLUX_TOKEN')
  // It travels in a header, where nothing else can.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const from = file ? `The file ${file} (INFLUX_TOKEN_FILE)` : 'INFLUX_TOKEN'
    throw new ConfigError(`${from} contains no token. It must be the token alone, as InfluxDB printed it.`)
  }
  return token
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new ConfigError(
      `The file ${file} (INFLUX_TOKEN_FILE) cannot be read (${why}). Correct its name or its permissions.`
    )
  }
}

/** InfluxDB keeps names that begin with an underscore for itself, and quotes cannot be in one. */
function influxBucket(text: Text): string {
  const name = text('INFLUX_BUCKET')
  if (/^_|["\\]/.test(name)) {
    throw new ConfigError(
      `INFLUX_BUCKET is "${name}". Give a name without quotes that does not begin with _, such as readings.`
    )
  }
  return name
}
