/**
 * What other people's boxes run: how each takes its settings, as somebody types them in who reads what `device add` printed, and
 * what it then sends of what it measured. Written from the makers' documents; nothing is shared with the hub's decoders.
 */
import type { Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'

/** A block of settings as it was printed. */
export interface SettingsBlock {
  name: string
  text: string
}

export type Values = Readonly<Partial<Record<Quantity, number>>>

export interface Sent {
  /** A topic, or of a box that pushes the path. */
  to: string
  payload: string
  /** Asked to be kept by the broker. */
  retain?: boolean
}

/** Over which wire a box speaks once it is set up. */
export type Wire =
  | {
      kind: 'mqtt'
      url: string
      clientId: string
      username?: string
      password?: string
      qos: 0 | 1
      /** What the broker says when the box is gone. */
      will?: Sent
      /** Said when it connects. */
      hello?: Sent
    }
  | { kind: 'http'; origin: string; headers: Readonly<Record<string, string>> }

export interface Firmware {
  /** Throws where the settings lack what the firmware asks for. */
  set(blocks: readonly SettingsBlock[]): { wire: Wire; firmware: Running }
  /** What its messages can carry. */
  quantities: readonly Quantity[]
}

/** One box that is set up. */
export interface Running {
  messages(values: Values, at: UnixMs): Sent[]
}

export function blockNamed(blocks: readonly SettingsBlock[], name: string): string {
  const block = blocks.find((one) => one.name === name)
  if (!block) throw new Error(`No settings called ${name} were printed.`)
  return block.text
}

/** What stands behind a label: `Port   8080`, `remote_username g-1`, `broker: hub.local`. */
export function field(text: string, label: string): string {
  const line = text.split('\n').find((one) => one.trimStart().startsWith(label))
  const value = line
    ?.trimStart()
    .slice(label.length)
    .replace(/^[ :]+/, '')
  if (value === undefined || value === '') throw new Error(`The settings do not say "${label}".`)
  return value.trim().replace(/^'(.*)'$/, '$1')
}

/** As printf("%.*f") writes. */
export function decimals(value: number | undefined, digits: number): string | undefined {
  return value === undefined ? undefined : value.toFixed(digits)
}

/** Without the names of what was not measured. */
export function measured(entries: Readonly<Record<string, number | undefined>>): Record<string, number> {
  const there: Record<string, number> = {}
  for (const [name, value] of Object.entries(entries)) if (value !== undefined) there[name] = value
  return there
}
