/** `lamppost person erase`: everything of a person goes, for good, everywhere that the hub can reach. */
import type { Erased, ErasingProgress } from '../../hub/erasing/erase.ts'
import { isLastSteward } from '../../hub/hosting/leaving.ts'
import { counted } from '../../model/counted.ts'
import type { UnixMs } from '../../model/time.ts'
import { knownBackups, type KnownBackup } from '../../operate/backup/known-backups.ts'
import type { ErasurePlan } from '../../registry/promise/erasing.ts'
import type { Command, CommandContext, CommandEvent, CommandInput, CommandResult } from '../command.ts'
import { eventQueue } from '../event-queue.ts'
import { personText } from './person-text.ts'
import { readingsWithin } from '../../hub/hosting/readings-within.ts'

export const eraseCommand: Command = {
  words: 'person erase',
  usage: 'person erase ID [--yes]',
  says: 'Erase everything of a person: readings, messages, names, consents. This cannot be undone',
  options: { yes: { type: 'boolean' } },
  positionals: [1, 1],
  run: eraseRun
}

async function* eraseRun(
  context: CommandContext,
  input: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  const { registry, eraser } = context
  const plan = registry.erasurePlan(registry.needPerson(input.positionals[0]!).personId)
  const backups = knownBackups(registry, context.backups)
  if (input.values['yes'] !== true) return preview(context, plan, backups)
  const events = eventQueue<ErasingProgress>()
  const work = eraser.erase(plan, events.push)
  work.then(events.end, events.end)
  for await (const { doing, done, total } of events) yield { progress: doing, done, total }
  const erased = await work
  return report(plan, erased, {
    backups,
    isInflux: (await context.pipeline.service.storeState()).kind === 'influx'
  })
}

async function preview(
  { registry, pipeline, accounts }: CommandContext,
  plan: ErasurePlan,
  backups: readonly KnownBackup[]
): Promise<CommandResult> {
  let readings = 0
  for (const { siteId } of plan.sites)
    readings += await readingsWithin(pipeline, siteId, {
      from: Number.MIN_SAFE_INTEGER as UnixMs,
      until: Number.MAX_SAFE_INTEGER as UnixMs
    })
  const names = plan.sites.map(
    ({ name, streetId }) => `${name} (${registry.street(streetId)?.name ?? streetId})`
  )
  return {
    json: { ...planJson(plan), readings, backups },
    text: [
      `This would erase everything of ${plan.persons.map(personText).join(', ')}: ${counted(readings, 'reading')}, ` +
        `${counted(plan.homes.length, 'home')}, ${counted(plan.deviceIds.length, 'sensor')} with their passwords, ` +
        `${counted(plan.consents, 'consent')}, ${diaryText(plan)}, messages, names and lists of problems.`,
      ...(names.length > 0 ? [`Places: ${names.join('; ')}.`] : []),
      ...plan.stays.map(
        ({ siteId }) =>
          `Included is their time at ${registry.site(siteId)?.name ?? siteId}, which somebody else hosts now. The place keeps its name.`
      ),
      ...streetsLeft(registry, plan),
      ...(plan.personIds.some((personId) => isLastSteward({ accounts }, personId))
        ? ['They are the only steward of this hub. Make another one afterwards: npx lamppost steward invite']
        : []),
      'Published indoor figures of their street stay as they are: they name nobody.',
      ...backupLines(backups),
      'This cannot be undone.'
    ].join('\n'),
    confirm: ['Erase all of this permanently?']
  }
}

/** A street that loses many of its sensors at once shows it. */
function streetsLeft({ sites, street }: CommandContext['registry'], plan: ErasurePlan): string[] {
  const streetIds = new Set(plan.sites.map(({ streetId }) => streetId))
  return [...streetIds].flatMap((streetId) => {
    const all = sites().filter((site) => site.streetId === streetId && site.placement === 'outdoor')
    const theirs = plan.sites.filter((site) => site.streetId === streetId && site.placement === 'outdoor')
    if (theirs.length === 0 || theirs.length * 2 < all.length) return []
    const left = all.length - theirs.length
    return [
      `${theirs.length} of the ${counted(all.length, 'outdoor place')} of ${street(streetId)?.name ?? streetId} are theirs; ` +
        `${left === 0 ? 'none is' : left === 1 ? 'one is' : `${left} are`} left.`
    ]
  })
}

function report(
  plan: ErasurePlan,
  { readings, messages, files, receipts }: Erased,
  { backups, isInflux }: { backups: readonly KnownBackup[]; isInflux: boolean }
): CommandResult {
  return {
    json: { ...planJson(plan), readings, messages, files, receipts, backups },
    text: [
      'Erased:',
      `  readings  ${counted(readings, 'reading')} with their hours and days; ` +
        (isInflux
          ? 'InfluxDB no longer returns them, and removes them from its files at its next compaction'
          : 'the file of readings was rewritten'),
      `  journal   ${counted(messages, 'message')} blanked`,
      `  registry  ${counted(plan.persons.length, 'person')}, ${counted(plan.homes.length, 'home')}, ` +
        `${counted(plan.sites.length, 'place')}, ${counted(plan.deviceIds.length, 'sensor')}, ${counted(plan.consents, 'consent')}, ${diaryText(plan)}; the file was rewritten`,
      ...(receipts > 0 ? [`  exports   ${counted(receipts, 'receipt')} that named a place of theirs`] : []),
      ...(files.length > 0 ? [`  files     older copies in the data folder: ${files.join(', ')}`] : []),
      ...backupLines(backups),
      'Restoring an older backup brings none of it back: the list of erasures is kept beside the backups and in the data folder.'
    ].join('\n')
  }
}

function backupLines(backups: readonly KnownBackup[]): string[] {
  if (backups.length === 0) return []
  return [
    'Backups that still contain it:',
    ...backups.map(
      ({ file, created, until }) =>
        `  ${file}, made ${created}, ${until === null ? 'until you delete it' : `removed by the schedule about ${until.slice(0, 10)}`}`
    )
  ]
}

function diaryText({ diaryEntries }: ErasurePlan): string {
  return diaryEntries === 1 ? '1 diary entry' : `${diaryEntries} diary entries`
}

function planJson({ persons, homes, siteIds, deviceIds, stays, consents, diaryEntries }: ErasurePlan) {
  return {
    personIds: persons.map(({ personId }) => personId),
    homes: homes.length,
    sites: siteIds.length,
    devices: deviceIds.length,
    stays: stays.length,
    consents,
    diaryEntries
  }
}
