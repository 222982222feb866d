/** The language of the page of methods, apart from the other words so that only this page loads it. */
import { methodsEn } from './methods-en.ts'

export const methods = methodsEn
