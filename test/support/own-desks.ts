/** Records and alerts of a test's hub: the real ones, but that no server takes an alert. */
import { sealedExport } from '../../documents/export/sealed.ts'
import { ownAlerts } from '../../hub/alerts/alerts.ts'
import { openPush } from '../../hub/alerts/push/push.ts'
import { openRecords, ownRecords, type RecordsRooms } from '../../hub/records/records.ts'
import type { Registry } from '../../registry/registry.ts'

export function openOwnDesks(rooms: Omit<RecordsRooms, 'hubName' | 'makeExport'> & { registry: Registry }) {
  const records = openRecords({
    ...rooms,
    hubName: 'Testing Town',
    makeExport: (request) => sealedExport(rooms.readings, request, undefined)
  })
  const { registry, clock } = rooms
  const push = openPush({ registry, clock }, { contact: '' }, 'Stop these')
  const alerts = ownAlerts(registry, {
    offers: () => ({ mail: true, ntfyUrl: 'https://ntfy.example.org', pushKey: push.publicKey }),
    keepBrowser: push.keep,
    test: () => false
  })
  return { desks: { records: ownRecords(records), alerts }, close: () => records.close() }
}
