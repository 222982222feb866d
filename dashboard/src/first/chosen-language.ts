/** Which language somebody chose in this browser. Apart from the languages themselves, for what starts before them. */

const choiceName = 'lamppost-language'

/** null where none was chosen, or the browser keeps nothing. */
export function chosenLanguage(): string | null {
  try {
    return localStorage.getItem(choiceName)
  } catch {
    return null
  }
}

export function keepLanguage(id: string): void {
  try {
    localStorage.setItem(choiceName, id)
  } catch {
    // It stays as it is: there is nowhere to note the choice.
  }
}
