/** What is computed from the temperature and humidity of a place: series and columns of files, never readings. */

export interface DerivedDefinition {
  label: string
  unit: string
}

export const derived = {
  dew_point: { label: 'Dew point', unit: '°C' },
  absolute_humidity: { label: 'Water in the air', unit: 'g/m³' },
  vapour_excess: { label: 'Water in the air beyond that outdoors', unit: 'g/m³' }
} as const satisfies Record<string, DerivedDefinition>

export type DerivedName = keyof typeof derived

export const derivedNames = Object.keys(derived) as DerivedName[]

export function isDerived(name: string): name is DerivedName {
  return Object.hasOwn(derived, name)
}
