/**
 * Settings for a box, ready to be typed in: the blocks of its page in docs/devices, with this hub's address and this box's
 * credential in place of those that the page shows. So a page never says something else than the command prints.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface BoxSettings {
  /** What the block is for: `air`, `bridge`; of a page with one block `settings`. */
  name: string
  text: string
}

/** What a page shows in place of a hub's own. */
const shown = {
  host: 'hub.local',
  mqttPort: '1883',
  httpPort: '8080',
  deviceId: 'd-k3v7m2qa',
  gatewayId: 'g-k3v7m2qa',
  password: 'lp1_…',
  token: 'abcdefghijklmnopqrstuvwxyz'
} as const

export interface BoxFacts {
  host: string
  mqttPort: number
  httpPort: number
  /** A device's, or a gateway's. */
  id: string
  password: string
  token: string | undefined
}

/** Empty for a family without a page. */
export function boxSettings(dialect: string, facts: BoxFacts): BoxSettings[] {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'devices', `${dialect}.md`)
  return existsSync(file) ? blocksOf(readFileSync(file, 'utf8'), facts) : []
}

/** A block is fenced, and named behind its language: ```yaml settings=damp */
const block = /^```\w* settings(?:=([a-z-]+))?\n([\s\S]*?)^```$/gm

export function blocksOf(page: string, facts: BoxFacts): BoxSettings[] {
  return [...page.matchAll(block)].map(([, name = 'settings', text = '']) => ({
    name,
    text: filled(text, facts)
  }))
}

/** In one pass: a secret may hold what looks like a port. */
function filled(text: string, { host, mqttPort, httpPort, id, password, token }: BoxFacts): string {
  const own: Readonly<Record<string, string>> = {
    [shown.host]: host,
    [shown.deviceId]: id,
    [shown.gatewayId]: id,
    [shown.password]: password,
    [shown.token]: token ?? shown.token,
    [shown.mqttPort]: String(mqttPort),
    [shown.httpPort]: String(httpPort)
  }
  return text.replaceAll(shownPattern, (one) => own[one] ?? one).trimEnd()
}

const shownPattern = new RegExp(
  Object.values(shown)
    .map((one) => (/^\d+$/.test(one) ? `\\b${one}\\b` : one.replaceAll('.', String.raw`\.`)))
    .join('|'),
  'g'
)

/** The address to which a box with a token pushes. */
export function pushUrlOf(dialect: string, { host, httpPort, token }: BoxFacts): string | undefined {
  return token === undefined ? undefined : `http://${host}:${httpPort}/push/${dialect}/${token}`
}
