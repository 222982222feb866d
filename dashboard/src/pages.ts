/** Which page an address names, and how it is loaded. The list of them is page-list.ts. */
import type { Component } from 'svelte'
import { pageList, type ListedPage } from './page-list.ts'
import type { PageProps } from './page-props.ts'
import { needChapters } from './words.ts'

const components = import.meta.glob<{ default: Component<PageProps> }>('./pages/**/*.svelte')

export type PageName = keyof typeof pageList

export interface PageMatch {
  name: PageName
  entry: ListedPage
  params: Record<string, string>
  /** Another page, or the same for something else: the component is built again. */
  key: string
}

/** The component and its chapters of the language come together: neither is of use without the other. */
export async function loadPage({ component, chapters }: ListedPage): Promise<Component<PageProps>> {
  const load = components[`./pages/${component}.svelte`]!
  const [{ default: Page }] = await Promise.all([load(), needChapters(chapters)])
  return Page
}

export function matchPage(path: string): PageMatch {
  for (const [name, entry] of Object.entries(pageList) as [PageName, ListedPage][]) {
    const params = entry.pattern === '' ? undefined : paramsOf(entry.pattern, path)
    if (params) return { name, entry, params, key: `${name} ${JSON.stringify(params)}` }
  }
  return { name: 'nowhere', entry: pageList.nowhere, params: {}, key: path }
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = path.length > 1 && path.endsWith('/') ? path.slice(0, -1).split('/') : path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    const segment = given[i]!
    if (part.startsWith(':') && segment !== '') params[part.slice(1)] = decoded(segment)
    else if (part !== segment) return undefined
  }
  return params
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment // A stray % in a typed address: the hub then says that there is nothing there.
  }
}
