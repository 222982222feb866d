/** Where the reader is: the address, which holds everything a page shows, so that a link shows the same to others. */
import type { Attachment } from 'svelte/attachments'

export class Route {
  #url = $state.raw(new URL(location.href))
  #isNew = false
  readonly params = $derived(this.#url.searchParams)
  readonly path = $derived(this.#url.pathname)

  /** The address of the same page with some parameters changed; null takes one away. */
  with(changes: Record<string, string | null>): string {
    const params = new URLSearchParams(this.params)
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) params.delete(name)
      else params.set(name, value)
    }
    const query = params.toString()
    return query ? `${this.path}?${query}` : this.path
  }

  /** Goes there without a reload. A change of parameters keeps the scroll position; another page begins at its top. */
  go(href: string): void {
    const before = this.path
    history.pushState(null, '', href)
    this.#url = new URL(location.href)
    if (this.path === before) return
    this.#isNew = true
    scrollTo(0, 0)
  }

  /** For the heading of each page: it takes the focus when its page arrives, so that a screen reader begins at the top. */
  readonly arrived: Attachment<HTMLElement> = (heading) => {
    if (this.#isNew) heading.focus({ preventScroll: true })
    this.#isNew = false
  }

  /** Follows links and the back button until the returned function is called. */
  start(): () => void {
    const back = (): void => {
      this.#url = new URL(location.href)
    }
    const click = (event: MouseEvent): void => {
      const href = ownHref(event)
      if (href === undefined) return
      event.preventDefault()
      this.go(href)
    }
    addEventListener('popstate', back)
    document.addEventListener('click', click)
    return () => {
      removeEventListener('popstate', back)
      document.removeEventListener('click', click)
    }
  }
}

/** The target of a plain click on a link to one of our pages; undefined for everything the browser should do itself. */
function ownHref(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const href = link?.getAttribute('href')
  if (!link || !href || link.hasAttribute('download') || link.hasAttribute('target')) return undefined
  return href.startsWith('/') && !href.startsWith('/api/') ? href : undefined
}
