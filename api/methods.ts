/** Which methods each path knows, so that a wrong one is told from a path that is not there. */
import type { Api } from './app.ts'

export interface Methods {
  /** Undefined when no route has this path. */
  of(path: string): readonly string[] | undefined
}

/** Listens to what is added from now on. */
export function watchMethods(app: Api): Methods {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    // A wildcard stands for files, and a missing file is no path.
    if (url.includes('*')) return
    const pattern = new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+')}$`)
    const route = routes.get(url) ?? { pattern, methods: new Set() }
    routes.set(url, route)
    for (const one of [method].flat()) route.methods.add(one)
  })
  return {
    of(path) {
      const route = [...routes.values()].find(({ pattern }) => pattern.test(path))
      return route && [...route.methods].toSorted()
    }
  }
}
