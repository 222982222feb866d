/** What a rig does not have: calling it, or a part of it, fails by its name. */
export function absent<T extends object>(name: string): T {
  const complain = (): never => {
    throw new Error(`This rig has no ${name}.`)
  }
  const get = (_target: object, part: string | symbol): unknown =>
    part === 'then' ? undefined : absent(`${name}.${String(part)}`)
  return new Proxy(complain, { get, apply: complain }) as T
}
