/** The device that a command names, and where it is. */
import { WrongUse } from '../command.ts'

/** Where a device is now, or was last. @throws WrongUse for a device that there is not. */
export function currentSiteOf(
  registry: { device(deviceId: string): unknown; deployments(deviceId: string): { siteId: string }[] },
  deviceId: string
): string {
  if (!registry.device(deviceId)) throw new WrongUse(unknownDevice(deviceId))
  const siteId = registry.deployments(deviceId).at(-1)?.siteId
  if (siteId === undefined) throw new WrongUse(`${deviceId} was never installed anywhere.`)
  return siteId
}

export function unknownDevice(deviceId: string): string {
  return `There is no sensor "${deviceId}". See: npx lamppost device list`
}

/** An optional field that is absent rather than undefined. */
export function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}
