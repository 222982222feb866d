/** A file that the hub makes in the background: ordered once, then followed until it is there, also after a reload. */
import type { ExportReceipt } from '../../../contract/export.ts'
import { fetchReceipt, orderExport } from '../fetch/hub.ts'
import { orderLookMs } from '../limits.ts'
import { Action } from './action.svelte.ts'
import { Resource } from './resource.svelte.ts'

export class OrderedExport {
  readonly ordering = new Action(orderExport)
  readonly receipt: Resource<ExportReceipt>

  /** `id` is '' while nothing is ordered. */
  constructor(id: () => string) {
    this.receipt = new Resource((signal) => fetchReceipt(id(), signal))
  }

  /** Until what it gives is called. */
  follow(): () => void {
    void this.receipt.load()
    const timer = setInterval(() => {
      const state = this.receipt.value?.state
      if (state === 'waiting' || state === 'making') void this.receipt.load()
    }, orderLookMs)
    return () => {
      clearInterval(timer)
      this.receipt.stop()
    }
  }
}
