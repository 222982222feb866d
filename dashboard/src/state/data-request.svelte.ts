/** What the page of data asks for: all of it in the address, so that a link gives the same file to a colleague. */
import type { ExportEstimate } from '../../../contract/export.ts'
import { isQuantity } from '../../../model/quantity.ts'
import { dataChoices, exportPath, type DataRequest } from '../../../words/data-request.ts'
import { fetchEstimate } from '../fetch/hub.ts'
import { Resource } from './resource.svelte.ts'
import type { Route } from './route.svelte.ts'

export class DataChoice {
  readonly #route: () => Route
  readonly request: DataRequest = $derived.by(() => this.#read())
  /** The last day is before the first. */
  readonly isBackwards = $derived(
    this.request.firstDay !== '' &&
      this.request.lastDay !== '' &&
      this.request.lastDay < this.request.firstDay
  )
  readonly estimate = new Resource<ExportEstimate>((signal) =>
    fetchEstimate(exportPath(this.request, '/estimate'), signal)
  )

  /** Id of the file that was ordered of this choice; '' for none. In the address, so that a reload finds it again. */
  readonly order = $derived.by(() => this.#route().params.get('order') ?? '')

  constructor(route: () => Route) {
    this.#route = route
  }

  choose(change: Partial<DataRequest>): void {
    const { streets, quantities, firstDay, lastDay, ...rest } = { ...this.request, ...change }
    this.#route().go(
      this.#route().with({
        streets: streets.join(',') || null,
        quantities: quantities.join(',') || null,
        from: firstDay || null,
        until: lastDay || null,
        // What was ordered is another file.
        order: null,
        ...Object.fromEntries(
          Object.entries(dataChoices).map(([name, [usual]]) => {
            const chosen = rest[name as keyof typeof dataChoices]
            return [name, chosen === usual ? null : chosen]
          })
        )
      })
    )
  }

  ordered(id: string): void {
    this.#route().go(this.#route().with({ order: id }))
  }

  #read(): DataRequest {
    const { params } = this.#route()
    const list = (name: string): string[] => params.get(name)?.split(',').filter(Boolean) ?? []
    const day = (name: string): string => {
      const text = params.get(name) ?? ''
      return /^\d{4}-\d\d-\d\d$/.test(text) ? text : ''
    }
    const one = <T extends string>(name: string, all: readonly T[]): T =>
      all.find((value) => value === params.get(name)) ?? all[0]!
    return {
      streets: list('streets'),
      quantities: list('quantities').filter(isQuantity),
      firstDay: day('from'),
      lastDay: day('until'),
      window: one('window', dataChoices.window),
      values: one('values', dataChoices.values),
      layout: one('layout', dataChoices.layout),
      flags: one('flags', dataChoices.flags),
      format: one('format', dataChoices.format)
    }
  }
}
