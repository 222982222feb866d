/**
 * What commands leave in the audit log: each act of the operator that changes or shows what is somebody's, with the ids it
 * was done to. A person reads there what concerns them (`GET /api/v1/me/audit`).
 */
import type { AuditNote } from '../../accounts/accounts.ts'
import type { Registry } from '../../registry/registry.ts'
import { option, optionList, type Command, type CommandInput, type CommandResult } from '../command.ts'

interface Act {
  action: string
  /** Ids of what it was done to: sensors, places, persons, streets, corrections, imports. Names count as what they name. */
  to(input: CommandInput): readonly (string | undefined)[]
  /** Of an outdoor place everybody may see it: no note then. */
  indoorOnly?: true
  /** The day, where it is about one. */
  day?(input: CommandInput): string | undefined
}

const first = ({ positionals }: CommandInput): readonly (string | undefined)[] => positionals.slice(0, 1)
const none = (): [] => []
const reads = (action: string): Act => ({ action, to: first, indoorOnly: true })

/** By its words. null: it touches nothing that is somebody's, or the accounts note it themselves. */
export const acts: Readonly<Record<string, Act | ((input: CommandInput) => Act) | null>> = {
  'street add': null,
  'street import': null,
  'street rename': { action: 'streetRename', to: first },
  'street note': { action: 'streetNote', to: first },
  'street notes': null,
  'street unnote': { action: 'streetNoteRemove', to: first },
  'street list': null,
  'street merge': { action: 'streetMerge', to: ({ positionals }) => positionals },
  'street split': {
    action: 'streetSplit',
    to: (input) => [input.positionals[0], ...optionList(input, 'site')]
  },
  'street withdraw': { action: 'dayWithdrawn', to: first, day: (input) => option(input, 'day') },
  'device add': { action: 'deviceAdd', to: none },
  'device move': { action: 'deviceMove', to: first },
  'device placement': { action: 'devicePlacement', to: first },
  'device rename': { action: 'deviceRename', to: first },
  'device swap': { action: 'deviceSwap', to: first },
  'device offer': { action: 'deviceOffer', to: first },
  'device hand-over': { action: 'deviceHandOver', to: first },
  'device consent': ({ positionals }) => ({
    action: positionals[1] === 'on' ? 'consentGiven' : 'consentEnded',
    to: first
  }),
  'device forward': { action: 'deviceForward', to: first },
  'device map': { action: 'deviceMap', to: first },
  'device list': null,
  'device problems': reads('deviceProblems'),
  'device sensors': { action: 'deviceSensors', to: first },
  'device rotate': { action: 'deviceRotate', to: first },
  'device remove': { action: 'deviceRemove', to: first },
  'gateway add': null,
  'gateway list': null,
  'gateway things': null,
  'gateway claim': { action: 'deviceAdd', to: none },
  decode: null,
  'person add': { action: 'personAdd', to: (input) => [option(input, 'home')] },
  'person list': null,
  'person role': null,
  snapshot: null,
  'calibration start': null,
  'calibration list': null,
  'calibration show': null,
  'calibration finish': null,
  'calibration sign-off': null,
  'calibration cancel': null,
  'person rename': { action: 'personRename', to: first },
  'person keep': { action: 'personKeep', to: first },
  'person export': { action: 'personExport', to: first },
  // Of whom nothing is left, no id is either.
  'person erase': { action: 'personErase', to: none },
  'person invite': null,
  'person recover': null,
  'person remove': null,
  'steward invite': null,
  'correction add': { action: 'correctionAdd', to: first },
  'correction list': null,
  'correction end': { action: 'correctionEnd', to: first },
  'correction remove': { action: 'correctionRemove', to: first },
  import: { action: 'import', to: (input) => optionList(input, 'device').map(afterKey) },
  'import list': null,
  'import undo': { action: 'importUndo', to: first },
  export: { action: 'export', to: (input) => [option(input, 'site'), option(input, 'street')] },
  summary: reads('figures'),
  index: reads('figures'),
  exceedances: reads('figures'),
  colocation: { action: 'figures', to: ({ positionals }) => positionals, indoorOnly: true },
  profile: reads('figures'),
  trend: reads('figures'),
  'before-after': null,
  damp: reads('figures'),
  replay: { action: 'replay', to: (input) => [option(input, 'device')] },
  backup: { action: 'backup', to: none },
  restore: null,
  migrate: null,
  doctor: null
}

/** The command, which says in the audit log what it did once it did something. */
export function audited(command: Command): Command {
  const found = acts[command.words]
  if (!found) return command
  return {
    ...command,
    async *run(context, input) {
      const act = typeof found === 'function' ? found(input) : found
      const touched = touchedBy(context.registry, act.to(input))
      const work = command.run(context, input)
      let begun = false
      let isRefused = false
      let result: CommandResult | undefined
      try {
        for (;;) {
          const next = await work.next()
          if (next.done) return (result = next.value)
          begun = true
          yield next.value
        }
      } catch (cause) {
        isRefused = !begun
        throw cause
      } finally {
        // Also of whoever stops reading in the middle: what was shown was shown.
        if (result === undefined) await work.return(undefined as never)
        const isDone = !isRefused && !result?.confirm && input.values['dry-run'] !== true
        if (isDone)
          for (const note of notesOf(context.registry, act, input, touched, result))
            context.accounts.note(note)
      }
    }
  }
}

interface Touched {
  id: string
  /** Whose it is; '' of what is nobody's alone. */
  personId: string
  isIndoor: boolean
}

function notesOf(
  registry: Registry,
  { action, day, indoorOnly }: Act,
  input: CommandInput,
  before: readonly Touched[],
  result: CommandResult | undefined
): AuditNote[] {
  const after = touchedBy(registry, [...before.map(({ id }) => id), ...idsIn(result?.json)])
  const all = [...before, ...after].filter(({ isIndoor }) => isIndoor || !indoorOnly)
  if (all.length === 0) return indoorOnly ? [] : [{ by: { kind: 'operator' }, action }]
  // Whose it was and whose it is now are told, each once.
  return [...Map.groupBy(all, ({ personId }) => personId)].map(([personId, theirs]) => ({
    by: { kind: 'operator' },
    action,
    personId,
    about: [...new Set([...theirs.map(({ id }) => id), day?.(input) ?? ''])].filter(Boolean).join(' ')
  }))
}

/** What a command says that it made or changed. */
function idsIn(json: unknown): string[] {
  if (typeof json !== 'object' || json === null) return []
  const { deviceId, siteId, personId } = json as Record<string, unknown>
  const named = deviceId ?? siteId ?? personId
  return typeof named === 'string' ? [named] : []
}

function touchedBy(registry: Registry, named: readonly (string | undefined)[]): Touched[] {
  return named.flatMap((name) => (name === undefined || name === '' ? [] : touchedOf(registry, name)))
}

function touchedOf(registry: Registry, name: string): Touched[] {
  if (registry.device(name)) {
    const siteId = registry.deployments(name).at(-1)?.siteId
    return siteId === undefined
      ? [{ id: name, personId: '', isIndoor: false }]
      : [ofSite(registry, siteId, name)]
  }
  if (registry.site(name)) return [ofSite(registry, name, name)]
  // By name too: two of a name would have been refused.
  const person = registry.persons().find((one) => one.personId === name || one.name === name)
  if (person) return [{ id: person.personId, personId: person.personId, isIndoor: true }]
  const home = registry.home(name)
  if (home) return [{ id: home.personId, personId: home.personId, isIndoor: true }]
  const street = registry.findStreet(name)
  if (street) return [{ id: street.streetId, personId: '', isIndoor: false }]
  const correction = registry.correctionHistory().find(({ row }) => row.correctionId === name)
  const of = correction?.row.deviceId ?? correction?.row.siteId
  if (of) return touchedOf(registry, of)
  const imported = registry.imports().find(({ importId }) => String(importId) === name)
  return imported ? touchedBy(registry, [imported.deviceId]) : []
}

function ofSite(registry: Registry, siteId: string, id: string): Touched {
  const site = registry.site(siteId)
  return { id, personId: site?.personId ?? '', isIndoor: site?.placement === 'indoor' }
}

/** `--device KEY=ID`. */
function afterKey(device: string): string {
  return device.slice(device.indexOf('=') + 1)
}
