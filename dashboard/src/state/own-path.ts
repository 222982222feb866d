/** A place of this dashboard that an address names: another site's would be a way to lead people astray after signing in. */
export function ownPath(named: string | null): string | undefined {
  if (named === null || !named.startsWith('/')) return undefined
  const url = URL.parse(named, location.origin)
  return url?.origin === location.origin && !url.pathname.startsWith('//')
    ? url.pathname + url.search
    : undefined
}
