/** Every setting in one table, and how a single value is read: strictly, with one clear line for what is wrong. */
import { isIP } from 'node:net'
import { hubMemoryMbMin, settingLineLengthMax } from './model/limits.ts'
import { isTimeZone } from './model/time.ts'

export interface Setting {
  /** Command-line flag that says the same, without its dashes. */
  flag?: string
  default: string
  says: string
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** Every setting. `.env.example` and docs/operating.md are tested against this table. */
export const settings = {
  LAMPPOST_DATA: { flag: 'data', default: './data', says: 'Folder for everything the hub keeps' },
  LAMPPOST_HTTP_PORT: { flag: 'http', default: '8080', says: 'Port of the dashboard and the API' },
  LAMPPOST_MQTT_PORT: { flag: 'mqtt', default: '1883', says: 'Port of MQTT' },
  LAMPPOST_HTTPS_PORT: {
    default: '',
    says: 'Port of the dashboard and the API over HTTPS; needs LAMPPOST_TLS_CERT and LAMPPOST_TLS_KEY'
  },
  LAMPPOST_MQTTS_PORT: { default: '', says: 'Port of MQTT over TLS; needs the next two' },
  LAMPPOST_TLS_CERT: { default: '', says: 'File with the certificate chain (PEM)' },
  LAMPPOST_TLS_KEY: { default: '', says: 'File with its private key (PEM)' },
  LAMPPOST_HOST: {
    flag: 'host',
    default: '0.0.0.0',
    says: 'Address to listen on; 127.0.0.1 for this machine only'
  },
  LAMPPOST_PROXIES: {
    default: '',
    says: 'Addresses or networks of your proxies, separated by commas; visitors behind them are recognised by X-Forwarded-For or the PROXY protocol'
  },
  LAMPPOST_PROXY_ADDRESSES: { default: '', says: 'Former name of LAMPPOST_PROXIES' },
  LAMPPOST_PUBLIC_URL: {
    default: '',
    says: 'Public address of the dashboard, e.g. https://air.example.org'
  },
  LAMPPOST_NAMES: {
    default: '',
    says: 'Other names of this hub, separated by commas, e.g. air.example.org. It always answers to addresses, names of the home network and that of LAMPPOST_PUBLIC_URL'
  },
  LAMPPOST_TIMEZONE: {
    default: '',
    says: "Time zone of the neighbourhood, e.g. Europe/London; default: the machine's"
  },
  LAMPPOST_JOURNAL_MB: {
    default: '4096',
    says: 'Size limit of the journal in megabytes: stored messages are removed first, those not stored yet never'
  },
  LAMPPOST_MEMORY: {
    default: '',
    says: 'Memory that the hub may take, e.g. 512M or 2G; default: what the machine or its container has'
  },
  LAMPPOST_STORE: { default: 'duckdb', says: 'Where readings are kept: duckdb or influx' },
  INFLUX_URL: { default: '', says: 'Address of InfluxDB 2' },
  INFLUX_TOKEN: { default: '', says: 'Token with read and write access to the buckets' },
  INFLUX_TOKEN_FILE: { default: '', says: 'File with the token, instead of INFLUX_TOKEN: for containers' },
  INFLUX_ORG: { default: '', says: 'Organisation of the bucket' },
  INFLUX_BUCKET: {
    default: '',
    says: 'Bucket for readings; hours and days go to two more buckets, named after it'
  },
  INFLUX_RETENTION_DAYS: {
    default: '0',
    says: 'Days that InfluxDB keeps individual readings; 0: for ever. Hours and days are always kept'
  },
  LAMPPOST_NAME: { default: 'Lamppost', says: 'Name of the neighbourhood, shown on every page' },
  LAMPPOST_OPERATOR: {
    default: '',
    says: 'Who runs this hub, as people read it at /privacy, e.g. Ashley Road Residents'
  },
  LAMPPOST_OPERATOR_CONTACT: {
    default: '',
    says: 'How they are reached: mailto:, tel: or https: address, or an address by post'
  },
  LAMPPOST_DATA_LICENCE: { default: 'CC BY 4.0', says: 'Licence under which the readings are published' },
  LAMPPOST_PUBLIC_MQTT: {
    default: 'on',
    says: 'on: anybody may read streets/# over MQTT; off: only with a password'
  },
  LAMPPOST_DEVICE_ADDRESS: {
    default: '',
    says: 'Name or address at which boxes reach this hub; device add prints it in the settings'
  },
  LAMPPOST_ALLOW_UNAUTHENTICATED: {
    default: '',
    says: 'Families of boxes accepted without a secret, separated by commas: smartcitizen, airgradient, airrohr'
  },
  LAMPPOST_SECURITY_CONTACT: {
    default: '',
    says: 'mailto: or https: address for security reports, shown in /.well-known/security.txt'
  },
  LAMPPOST_SMTP_URL: {
    default: '',
    says: 'Mail server for alerts: smtps://user:password@mail.example.org, or smtp:// with a port; without it no mail is sent'
  },
  LAMPPOST_MAIL_FROM: { default: '', says: 'Sender of these mails, e.g. Lamppost <lamppost@example.org>' },
  LAMPPOST_NTFY_URL: {
    default: '',
    says: 'ntfy server for alerts on phones, e.g. https://ntfy.sh; without it none are sent'
  },
  LAMPPOST_LOG_LEVEL: { default: 'info', says: 'debug, info, warn, error or silent' },
  LAMPPOST_BACKUP_DIR: {
    default: '',
    says: 'Folder for a daily backup, best on another disk; without it none is made'
  },
  LAMPPOST_BACKUP_HOUR: { default: '3', says: 'Hour of the daily backup, 0 to 23' },
  LAMPPOST_BACKUP_KEEP: {
    default: '7',
    says: 'How many daily backups are kept; the oldest is removed once a new one is complete'
  }
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof settings
export type Flags = Partial<Record<'data' | 'http' | 'mqtt' | 'host', string>>

/** A setting that is wrong: the message names it and says what would be right. The start stops with exit status 2. */
export class ConfigError extends Error {
  readonly code = 'badSetting'
}

export type Text = (name: SettingName) => string

/** What a flag or variable is called in a message. */
export function called(name: SettingName): string {
  const setting: Setting = settings[name]
  return setting.flag ? `${name} (--${setting.flag})` : name
}

export function notEmpty(name: SettingName, text: Text): string {
  const value = text(name)
  if (!value) throw new ConfigError(`${called(name)} is empty. ${settings[name].says}.`)
  return value
}

/** Families whose firmware can hold no secret, or not everywhere. */
export const openFamilies: ReadonlySet<string> = new Set(['smartcitizen', 'airgradient', 'airrohr'])

/** Values with commas between. */
export function listed(
  name: SettingName,
  text: Text,
  isRight: (one: string) => boolean,
  example: string
): string[] {
  const values = text(name)
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
  const wrong = values.find((one) => !isRight(one))
  if (wrong === undefined) return values
  throw new ConfigError(`${called(name)} has "${wrong}". Give ${example}.`)
}

/** Without a port: each door has its own. */
export function deviceAddress(name: SettingName, text: Text): string | null {
  const value = text(name)
  if (!value) return null
  if (/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(value) || isIP(value) !== 0) return value
  throw new ConfigError(`${called(name)} is "${value}". Give a name or an IP address without a port.`)
}

/** A line that people read as it is; null where there is none. */
export function line(name: SettingName, text: Text): string | null {
  const value = text(name)
  if (!value) return null
  if (value.length <= settingLineLengthMax && !/[\p{Cc}\u2028\u2029]/u.test(value)) return value
  throw new ConfigError(`${called(name)} has to be one line of at most ${settingLineLengthMax} characters.`)
}

export function port(name: SettingName, text: Text): number {
  const value = text(name)
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new ConfigError(
      `${called(name)} is "${value}". Give a port from 0 to 65535 (0 takes any free one).`
    )
  }
  return Number(value)
}

export function wholeNumber(name: SettingName, min: number, max: number, text: Text): number {
  const value = text(name)
  if (!/^\d{1,6}$/.test(value) || Number(value) < min || Number(value) > max) {
    throw new ConfigError(`${called(name)} is "${value}". Give a whole number from ${min} to ${max}.`)
  }
  return Number(value)
}

/** Megabytes, or with M or G behind the number; null where nothing is set. */
export function memoryMb(text: Text): number | null {
  const value = text('LAMPPOST_MEMORY')
  if (!value) return null
  const [, number, unit] = /^(\d{1,6})(M|G)?B?$/i.exec(value) ?? []
  const megabytes = Number(number) * (unit?.toUpperCase() === 'G' ? 1024 : 1)
  if (megabytes >= hubMemoryMbMin) return megabytes
  throw new ConfigError(
    `LAMPPOST_MEMORY is "${value}". Give megabytes, at least ${hubMemoryMbMin}, or a size such as 512M or 2G.`
  )
}

export function oneOf<const T extends string>(name: SettingName, allowed: readonly T[], text: Text): T {
  const value = text(name)
  const found = allowed.find((one) => one === value)
  if (found === undefined)
    throw new ConfigError(`${called(name)} is "${value}". Give one of: ${allowed.join(', ')}.`)
  return found
}

export function url(name: SettingName, text: Text): string | null {
  const value = text(name)
  if (!value) return null
  if (!/^https?:\/\/[^\s/]+/.test(value) || !URL.canParse(value)) {
    throw new ConfigError(
      `${called(name)} is "${value}". Give an address that starts with http:// or https://.`
    )
  }
  return value.replace(/\/$/, '')
}

/** Where mail goes, and from whom: both or none. The address of the server holds a password, so no message quotes it. */
export function mail(text: Text): { url: string; from: string } | null {
  const [server, from] = [text('LAMPPOST_SMTP_URL'), text('LAMPPOST_MAIL_FROM')]
  if (!server && !from) return null
  if (!server || !from)
    throw new ConfigError('LAMPPOST_SMTP_URL and LAMPPOST_MAIL_FROM belong together. Set both, or none.')
  if (!/^smtps?:\/\/[^\s/]+/.test(server) || !URL.canParse(server))
    throw new ConfigError(
      'LAMPPOST_SMTP_URL cannot be read. Give smtps://user:password@mail.example.org, or smtp:// with a port.'
    )
  if (!/^[^<>\n]*<?[^\s<>@]+@[^\s<>@]+>?$/.test(from))
    throw new ConfigError(
      `LAMPPOST_MAIL_FROM is "${from}". Give an address, or a name and an address in <…>.`
    )
  return { url: server, from }
}

export function timezone(value: string): string {
  const zone = value || new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
  if (!isTimeZone(zone)) {
    throw new ConfigError(
      `LAMPPOST_TIMEZONE is "${zone}". Give a zone of the tz database, such as Europe/London.`
    )
  }
  return zone
}

export function contact(value: string): string | null {
  if (!value) return null
  if (!/^(mailto:|https:\/\/)\S+$/.test(value)) {
    throw new ConfigError(
      `LAMPPOST_SECURITY_CONTACT is "${value}". Give mailto:somebody@example.org or an https address.`
    )
  }
  return value
}

/** Addresses and networks of proxies, by either name of the setting. */
export function proxies(text: Text): string[] {
  const [name, former] = ['LAMPPOST_PROXIES', 'LAMPPOST_PROXY_ADDRESSES'] as const
  if (text(name) && text(former)) {
    throw new ConfigError(`${name} and ${former}, its former name, are both set. Remove the second.`)
  }
  const example = 'IP addresses or networks, separated by commas, e.g. 10.0.0.2 or 172.16.0.0/12'
  return listed(text(name) ? name : former, text, isAddressOrNetwork, example)
}

function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/** Names that the hub answers to, that of its public address included. */
export function names(text: Text): string[] {
  const publicUrl = url('LAMPPOST_PUBLIC_URL', text)
  const isName = (one: string): boolean => /^[\p{L}\d]([\p{L}\d._-]*[\p{L}\d])?$/u.test(one)
  const example = 'names only, without http:// or a port, e.g. air.example.org'
  const given = listed('LAMPPOST_NAMES', text, isName, example).map((one) => one.toLowerCase())
  return publicUrl === null ? given : [new URL(publicUrl).hostname, ...given]
}
