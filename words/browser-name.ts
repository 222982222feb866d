/** "Chrome on Android", from what a browser says of itself: people do not read the rest. */
import type { Chapters } from './words.ts'

/** Those that claim to be others come first. */
const browsers: [name: string, sign: RegExp][] = [
  ['Firefox', /Firefox\/|FxiOS\//],
  ['Edge', /Edg(A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Samsung Internet', /SamsungBrowser\//],
  ['Chrome', /Chrome\/|CriOS\//],
  ['Safari', /Safari\//]
]
const systems: [name: string, sign: RegExp][] = [
  ['Android', /Android/],
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Windows', /Windows/],
  ['Mac', /Mac OS X/],
  ['Linux', /Linux|X11/]
]

export function browserName({ home }: Chapters<'home'>, userAgent: string): string {
  const named = (list: typeof browsers): string | undefined =>
    list.find(([, sign]) => sign.test(userAgent))?.[0]
  const [browser, system] = [named(browsers), named(systems)]
  if (browser === undefined) return home.account.unknownBrowser
  return system === undefined ? browser : home.account.browserOn(browser, system)
}
