/** What changed of outdoor data that was already given out, so that a copy elsewhere can be kept true. For everybody. */
import { Type } from 'typebox'
import { Changes, type Change as ToldChange } from '../../contract/changes.ts'
import type { Places } from '../../figures/places.ts'
import { FiguresRefusal } from '../../figures/refusal.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { maySeeSite } from '../../model/visibility.ts'
import type { Change, ChangePosition } from '../../store/promise/changes.ts'
import { Query, refusal, type Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import type { Taking } from '../doors/doors.ts'
import { changesPerAnswer } from '../limits.ts'
import { ApiProblem } from '../problem.ts'

const description = `Begin without a cursor and keep the one that is given. Then download what was measured before settledUntil. From then on, ask
again with the cursor: download each stretch that is named once more, as far as you have it, and what was measured between the
settledUntil before and the new one. A copy that is kept so equals a fresh download.`

export function addChanges(app: Api, deps: ApiDeps, takeQuestion: Taking): void {
  app.get(
    '/changes',
    {
      preHandler: takeQuestion,
      schema: {
        operationId: 'changes',
        summary: 'What changed in data that was already given out: kept for 400 days',
        description,
        tags: ['readings'],
        querystring: Query({
          cursor: Type.Optional(
            Type.String({ description: 'Of the answer before; from now on unless given', maxLength: 100 })
          )
        }),
        response: { 200: Changes, default: refusal }
      }
    },
    async ({ query: { cursor } }) => {
      const after = cursor === undefined ? null : positionOf(cursor)
      const page = await deps.changes.changesSince(after, changesPerAnswer)
      if (!page)
        throw new ApiProblem(
          'cursorGone',
          'What followed this cursor is not kept any longer (400 days, and not across a restored backup). Begin again without a cursor, and download everything once more.'
        )
      return {
        cursor: `${page.position.log}-${page.position.sequence}`,
        more: page.more,
        settledUntil: toIso(page.settledUntil),
        changes: page.changes.flatMap((change) => told(deps.places, change))
      }
    }
  )
}

function positionOf(cursor: string): ChangePosition {
  const [, log, sequence] = /^([0-9a-f]{16})-(\d{1,15})$/.exec(cursor) ?? []
  if (log === undefined || sequence === undefined)
    throw new FiguresRefusal('parameterBad', 'is not a cursor of this hub; begin without one.', 'cursor')
  return { log, sequence: Number(sequence) }
}

/** A site that is not public any more is not named, whatever is in the log. */
function told(places: Pick<Places, 'site'>, change: Change): ToldChange[] {
  const { at, kind, siteId, quantity, from, until } = change
  const site = siteId === null ? undefined : places.site(siteId)
  if (siteId !== null && !(site && maySeeSite('public', site))) return []
  const moment = (time: UnixMs | null): string | null => (time === null ? null : toIso(time))
  const street = site?.streetId ?? change.streetId
  return [{ at: toIso(at), kind, street, site: siteId, quantity, from: moment(from), until: moment(until) }]
}
