/** Sites of one answer are shown from one look at the registry, and each as it is. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { siteViews, type SiteViewDeps } from '../../../figures/now/public-site.ts'
import { lastSiteOf, type Site } from '../../../model/place.ts'
import { dayMs, type UnixMs } from '../../../model/time.ts'
import { openRegistry } from '../../../registry/open.ts'
import type { Registry } from '../../../registry/registry.ts'
import { aReading, winter } from '../../support/readings.ts'

let folder: string
let registry: Registry

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamppost-site-'))
  registry = openRegistry({ file: join(folder, 'registry.sqlite'), clock: { now: () => winter } })
})
afterEach(async () => {
  registry.close()
  await rm(folder, { recursive: true })
})

it('reads the registry once for all sites of an answer', () => {
  const { streetId } = registry.addStreet({ name: 'Mill Lane' })
  const [box, reference] = [false, true].map((isReference) =>
    registry.addDevice({ streetId, placement: 'outdoor', isReference }, winter)
  )
  const reads = { deployments: 0, devices: 0 }
  const deps: SiteViewDeps = {
    places: {
      deployments: () => (reads.deployments++, registry.deployments()),
      devices: () => (reads.devices++, registry.devices()),
      sitePlace: (siteId) => registry.sitePlace(siteId)
    },
    clock: { now: () => winter },
    lastSeen: () => undefined
  }
  const newest = [box!, reference!].map(({ siteId, deviceId }) => aReading({ siteId, deviceId }))
  const viewOf = siteViews(deps)
  const views = registry.sites().map((site: Site) => viewOf(site, newest))
  expect(views.map(({ id, reference: isReference, state }) => [id, isReference, state])).toEqual([
    [box!.siteId, false, 'online'],
    [reference!.siteId, true, 'online']
  ])
  expect(reads).toEqual({ deployments: 1, devices: 1 })
})

it('knows where a device is, and where it was last', () => {
  const { streetId } = registry.addStreet({ name: 'Mill Lane' })
  const { deviceId, siteId } = registry.addDevice({ streetId, placement: 'outdoor' }, winter)
  expect(lastSiteOf(registry, deviceId)).toBe(siteId)
  registry.remove(deviceId, (winter + dayMs) as UnixMs)
  expect(lastSiteOf(registry, deviceId)).toBe(siteId)
  expect(lastSiteOf(registry, 'nobody')).toBeUndefined()
})
