/** The only reader of the environment: every setting in one table, read strictly, with one clear line for what is wrong. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { isTimeZone } from './model/time.ts'

export interface Config {
  dataDir: string
  httpPort: number
  mqttPort: number
  /** TLS beside plain MQTT: all three or none. */
  mqtts: { port: number; certFile: string; keyFile: string } | null
  /** Address to listen on. */
  host: string
  /** Proxies whose word is taken for where an MQTT connection comes from. */
  proxyAddresses: string[]
  publicUrl: string | null
  timezone: string
  /** Was the zone set, or taken from the machine? */
  timezoneGiven: boolean
  /** Bytes that the journal may hold. */
  journalBytesMax: number
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
  dataLicence: string
  /** May anybody read `streets/#` over MQTT without a password? */
  publicMqtt: boolean
  securityContact: string | null
  logLevel: LogLevel
  /** Backups that the hub makes by itself, once a day at `hour` of its zone; null: none. */
  backups: { dir: string; hour: number; keep: number } | null
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

interface Setting {
  /** Command-line flag that says the same, without its dashes. */
  flag?: string
  default: string
  says: string
}

/** Every setting. `.env.example` and docs/operating.md are tested against this table. */
export const settings = {
  LAMPPOST_DATA: { flag: 'data', default: './data', says: 'Folder that holds everything the hub keeps' },
  LAMPPOST_HTTP_PORT: { flag: 'http', default: '8080', says: 'Port of the dashboard and the API' },
  LAMPPOST_MQTT_PORT: { flag: 'mqtt', default: '1883', says: 'Port of MQTT' },
  LAMPPOST_MQTTS_PORT: { default: '', says: 'Port of MQTT over TLS; needs the next two' },
  LAMPPOST_TLS_CERT: { default: '', says: 'File with the certificate chain (PEM)' },
  LAMPPOST_TLS_KEY: { default: '', says: 'File with its private key (PEM)' },
  LAMPPOST_HOST: {
    flag: 'host',
    default: '0.0.0.0',
    says: 'Address to listen on; 127.0.0.1 for this machine only'
  },
  LAMPPOST_PROXY_ADDRESSES: {
    default: '',
    says: 'Addresses of proxies that send the PROXY protocol in front of MQTT, with commas between'
  },
  LAMPPOST_PUBLIC_URL: {
    default: '',
    says: 'Address people reach the dashboard at, e.g. https://air.example.org'
  },
  LAMPPOST_TIMEZONE: {
    default: '',
    says: "Zone of the neighbourhood's days, e.g. Europe/London; the machine's unless set"
  },
  LAMPPOST_JOURNAL_MB: {
    default: '4096',
    says: 'Megabytes that the journal may take: stored messages go first, those that wait for the store never'
  },
  LAMPPOST_STORE: { default: 'duckdb', says: 'Where readings are kept: duckdb or influx' },
  INFLUX_URL: { default: '', says: 'Address of InfluxDB 2' },
  INFLUX_TOKEN: { default: '', says: 'Token that may read and write the buckets' },
  INFLUX_TOKEN_FILE: { default: '', says: 'File with the token, instead of INFLUX_TOKEN: for containers' },
  INFLUX_ORG: { default: '', says: 'Organisation of the bucket' },
  INFLUX_BUCKET: {
    default: '',
    says: 'Bucket for readings; hours and days go to two more, whose names begin with this one'
  },
  INFLUX_RETENTION_DAYS: {
    default: '0',
    says: 'Days that InfluxDB keeps single readings; 0: for ever. Hours and days are always kept'
  },
  LAMPPOST_NAME: { default: 'Lamppost', says: 'Name of the neighbourhood, shown on every page' },
  LAMPPOST_DATA_LICENCE: { default: 'CC BY 4.0', says: 'Licence under which the readings are published' },
  LAMPPOST_PUBLIC_MQTT: {
    default: 'on',
    says: 'on: anybody may read streets/# over MQTT; off: nobody without a password'
  },
  LAMPPOST_SECURITY_CONTACT: {
    default: '',
    says: 'mailto: or https: address for reports, shown in /.well-known/security.txt'
  },
  LAMPPOST_LOG_LEVEL: { default: 'info', says: 'debug, info, warn, error or silent' },
  LAMPPOST_BACKUP_DIR: {
    default: '',
    says: 'Folder for a backup a day, best on another disk; none are made unless set'
  },
  LAMPPOST_BACKUP_HOUR: { default: '3', says: 'Hour of the day at which it is made, 0 to 23' },
  LAMPPOST_BACKUP_KEEP: { default: '7', says: 'How many are kept; the oldest goes when a new one is whole' }
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof settings
export type Flags = Partial<Record<'data' | 'http' | 'mqtt' | 'host', string>>

/** A setting that is wrong: the message names it and says what would be right. The start stops with exit status 2. */
export class ConfigError extends Error {
  readonly code = 'badSetting'
}

/** Flags win over the environment, the environment over defaults. */
export function readConfig(env: Environment, flags: Flags = {}): Config {
  refuseUnknown(env)
  const text = textIn(env, flags)
  return {
    dataDir: notEmpty('LAMPPOST_DATA', text),
    httpPort: port('LAMPPOST_HTTP_PORT', text),
    mqttPort: port('LAMPPOST_MQTT_PORT', text),
    mqtts: mqtts(text),
    host: notEmpty('LAMPPOST_HOST', text),
    proxyAddresses: addresses('LAMPPOST_PROXY_ADDRESSES', text),
    publicUrl: url('LAMPPOST_PUBLIC_URL', text),
    timezone: timezone(text('LAMPPOST_TIMEZONE')),
    timezoneGiven: text('LAMPPOST_TIMEZONE') !== '',
    journalBytesMax: wholeNumber('LAMPPOST_JOURNAL_MB', 16, 999_999, text) * 1024 ** 2,
    store: oneOf('LAMPPOST_STORE', ['duckdb', 'influx'] as const, text),
    influx: text('LAMPPOST_STORE') === 'influx' ? influx('LAMPPOST_STORE=influx', text) : null,
    name: notEmpty('LAMPPOST_NAME', text),
    nameGiven: env['LAMPPOST_NAME'] !== undefined,
    dataLicence: notEmpty('LAMPPOST_DATA_LICENCE', text),
    publicMqtt: oneOf('LAMPPOST_PUBLIC_MQTT', ['on', 'off'] as const, text) === 'on',
    securityContact: contact(text('LAMPPOST_SECURITY_CONTACT')),
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
    throw new ConfigError(`${file} cannot be read (${code}). Correct its rights, or move it away.`)
  }
  const found = parseEnv(text)
  refuseUnknown(found, ` (in ${file})`)
  return Object.fromEntries(Object.entries(found).filter(([name]) => Object.hasOwn(settings, name)))
}

/** The InfluxDB of the settings, whichever store is set: for taking readings there, or from there. */
export function influxSettings(env: Environment): NonNullable<Config['influx']> {
  return influx('InfluxDB', textIn(env, {}))
}

type Text = (name: SettingName) => string

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
      `${name}${where} is no setting of Lamppost. The settings are in .env.example; remove or correct it.`
    )
  }
}

/** What a flag or variable is called in a message. */
function called(name: SettingName): string {
  const setting: Setting = settings[name]
  return setting.flag ? `${name} (--${setting.flag})` : name
}

function notEmpty(name: SettingName, text: Text): string {
  const value = text(name)
  if (!value) throw new ConfigError(`${called(name)} is empty. ${settings[name].says}.`)
  return value
}

function addresses(name: SettingName, text: Text): string[] {
  const listed = text(name)
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
  const wrong = listed.find((one) => isIP(one) === 0)
  if (wrong !== undefined) {
    throw new ConfigError(
      `${called(name)} has "${wrong}". Give IP addresses with commas between, e.g. 10.0.0.2.`
    )
  }
  return listed
}

function port(name: SettingName, text: Text): number {
  const value = text(name)
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new ConfigError(
      `${called(name)} is "${value}". Give a port from 0 to 65535 (0 takes any free one).`
    )
  }
  return Number(value)
}

function wholeNumber(name: SettingName, min: number, max: number, text: Text): number {
  const value = text(name)
  if (!/^\d{1,6}$/.test(value) || Number(value) < min || Number(value) > max) {
    throw new ConfigError(`${called(name)} is "${value}". Give a whole number from ${min} to ${max}.`)
  }
  return Number(value)
}

function backups(text: Text): Config['backups'] {
  const dir = text('LAMPPOST_BACKUP_DIR')
  const hour = wholeNumber('LAMPPOST_BACKUP_HOUR', 0, 23, text)
  const keep = wholeNumber('LAMPPOST_BACKUP_KEEP', 1, 10_000, text)
  return dir ? { dir, hour, keep } : null
}

function oneOf<const T extends string>(name: SettingName, allowed: readonly T[], text: Text): T {
  const value = text(name)
  const found = allowed.find((one) => one === value)
  if (found === undefined)
    throw new ConfigError(`${called(name)} is "${value}". Give one of: ${allowed.join(', ')}.`)
  return found
}

function url(name: SettingName, text: Text): string | null {
  const value = text(name)
  if (!value) return null
  if (!/^https?:\/\/[^\s/]+/.test(value) || !URL.canParse(value)) {
    throw new ConfigError(
      `${called(name)} is "${value}". Give an address that begins with http:// or https://.`
    )
  }
  return value.replace(/\/$/, '')
}

function timezone(value: string): string {
  const zone = value || new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
  if (!isTimeZone(zone)) {
    throw new ConfigError(
      `LAMPPOST_TIMEZONE is "${zone}". Give a zone of the tz database, such as Europe/London.`
    )
  }
  return zone
}

function contact(value: string): string | null {
  if (!value) return null
  if (!/^(mailto:|https:\/\/)\S+$/.test(value)) {
    throw new ConfigError(
      `LAMPPOST_SECURITY_CONTACT is "${value}". Give mailto:somebody@example.org or an https address.`
    )
  }
  return value
}

function mqtts(text: Text): Config['mqtts'] {
  const given = (['LAMPPOST_MQTTS_PORT', 'LAMPPOST_TLS_CERT', 'LAMPPOST_TLS_KEY'] as const).filter((n) =>
    text(n)
  )
  if (given.length === 0) return null
  if (given.length < 3) {
    throw new ConfigError(
      `MQTT over TLS needs LAMPPOST_MQTTS_PORT, LAMPPOST_TLS_CERT and LAMPPOST_TLS_KEY; only ${given.join(' and ')} is set.`
    )
  }
  return {
    port: port('LAMPPOST_MQTTS_PORT', text),
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
    throw new ConfigError(`${from} holds no token. Give the token alone, as InfluxDB printed it.`)
  }
  return token
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new ConfigError(
      `The file ${file} (INFLUX_TOKEN_FILE) cannot be read (${why}). Correct its name or its rights.`
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
