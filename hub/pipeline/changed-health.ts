/** Boxes say with each message what they are; whoever listens hears of it only when it changed. */
import type { Health } from '../../ingest/ingest.ts'

type Tell = (healths: ReadonlyMap<string, Health>) => void

/** Uptime changes with every message and is told with what else changed. */
export function changedHealth(tell: Tell): Tell {
  const told = new Map<string, string>()
  return (healths) => {
    const changed = new Map<string, Health>()
    for (const [deviceId, health] of healths) {
      const { presence, firmware, model, intervalS } = health
      const text = JSON.stringify([presence, firmware, model, intervalS])
      if (told.get(deviceId) === text) continue
      told.set(deviceId, text)
      changed.set(deviceId, health)
    }
    if (changed.size > 0) tell(changed)
  }
}
