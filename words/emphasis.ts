/** A sentence with some of it bold, as the words write it (**Low**), taken apart for a component to draw. */
export interface Part {
  text: string
  strong: boolean
}

export function parts(sentence: string): Part[] {
  return sentence
    .split('**')
    .map((text, index) => ({ text, strong: index % 2 === 1 }))
    .filter(({ text }) => text !== '')
}

/** The sentence without its marks: for accessible names and titles. */
export function plain(sentence: string): string {
  return sentence.replaceAll('**', '')
}
