/** What a rig does not have: using it fails by its name. */
export function absent<T extends object>(name: string): T {
  const complain = (): never => {
    throw new Error(`This rig has no ${name}.`)
  }
  return new Proxy({}, { get: complain }) as T
}
