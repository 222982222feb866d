/** The corrections in use on this hub, as far as they make numbers that the public sees: for the page of methods. */
import type { Static } from 'typebox'
import { periodsOverlap } from '../../model/correction.ts'
import { maySeeSite, visibleSites } from '../../model/visibility.ts'
import { refusal, type Api } from '../app.ts'
import { CorrectionsInUse } from '../../contract/correction.ts'
import { entryOf } from '../../figures/corrections.ts'
import type { ApiDeps } from '../deps.ts'

export function addCorrections(app: Api, deps: ApiDeps): void {
  app.get(
    '/corrections',
    {
      schema: {
        operationId: 'corrections',
        summary: 'The corrections in use, by outdoor site',
        tags: ['sites'],
        response: { 200: CorrectionsInUse, default: refusal }
      }
    },
    async () => {
      // A private sensor's corrected hours must not be counted among those that are left.
      const siteIds = visibleSites('public', deps.places.sites()).map(({ siteId }) => siteId)
      return { corrections: inUse(deps), recomputing: await deps.readings.recomputing(siteIds) }
    }
  )
}

/** Where its box is installed while it holds; a site that the public may not see is not named. */
function inUse({ places }: ApiDeps): Static<typeof CorrectionsInUse>['corrections'] {
  return places.corrections().flatMap((row) => {
    const siteIds = places
      .deployments(row.deviceId)
      .filter((one) => (row.siteId === null || row.siteId === one.siteId) && periodsOverlap(one, row))
      .map(({ siteId }) => siteId)
    return [...new Set(siteIds)].flatMap((siteId) => {
      const site = places.site(siteId)
      if (!site || !maySeeSite('public', site)) return []
      return [{ ...entryOf(siteId, row), siteName: site.name, street: site.streetId }]
    })
  })
}
