/**
 * The pages: at which address each is, what is loaded for it, and what stands around it. A new page is a component in
 * pages/, which takes PageProps, and an entry here.
 */
import type { Component } from 'svelte'
import type { Chapter } from '../../words/words.ts'
import type { PageProps } from './page-props.ts'

interface PageEntry {
  /** '/streets/:id': each :name stands for one segment. */
  pattern: string
  /** Chapters of the language that the page needs beyond `common`. */
  chapters: readonly Chapter[]
  load: () => Promise<{ default: Component<PageProps> }>
  /** The page is worth showing while the hub does not answer. */
  withoutHub?: boolean
  /** The page compares figures with guidelines, so "How sure are we?" stands below it. */
  howSure?: boolean
}

export const pages = {
  neighbourhood: {
    pattern: '/',
    chapters: ['figures'],
    load: () => import('./pages/Neighbourhood.svelte'),
    howSure: true
  },
  street: {
    pattern: '/streets/:id',
    chapters: ['figures', 'street'],
    load: () => import('./pages/Street.svelte'),
    howSure: true
  },
  signIn: { pattern: '/sign-in', chapters: ['account'], load: () => import('./pages/SignIn.svelte') },
  invitation: {
    pattern: '/invitation/:code',
    chapters: ['account'],
    load: () => import('./pages/Invitation.svelte')
  },
  home: { pattern: '/home', chapters: ['home', 'street'], load: () => import('./pages/Home.svelte') },
  addSensor: { pattern: '/home/add', chapters: ['home'], load: () => import('./pages/AddSensor.svelte') },
  methods: {
    pattern: '/methods',
    chapters: ['street', 'methods'],
    load: () => import('./pages/Methods.svelte'),
    withoutHub: true
  },
  data: {
    pattern: '/data',
    chapters: ['methods', 'data'],
    load: () => import('./pages/Data.svelte')
  },
  privacy: { pattern: '/privacy', chapters: ['privacy'], load: () => import('./pages/Privacy.svelte') },
  nowhere: { pattern: '', chapters: [], load: () => import('./pages/Nowhere.svelte'), withoutHub: true }
} satisfies Record<string, PageEntry>

export type PageName = keyof typeof pages

export interface PageMatch {
  name: PageName
  entry: PageEntry
  params: Record<string, string>
  /** Another page, or the same for something else: the component is built again. */
  key: string
}

export function matchPage(path: string): PageMatch {
  for (const [name, entry] of Object.entries(pages) as [PageName, PageEntry][]) {
    const params = entry.pattern === '' ? undefined : paramsOf(entry.pattern, path)
    if (params) return { name, entry, params, key: `${name} ${JSON.stringify(params)}` }
  }
  return { name: 'nowhere', entry: pages.nowhere, params: {}, key: path }
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
