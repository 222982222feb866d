/** The language of the page. Another language is a file beside en.ts with the same shape, chosen here. */
import { en } from './en.ts'

export type Words = typeof en
export const words: Words = en
