/** What the page of methods tells of a formula, written beside the formula itself so that the two change together. */
export interface About {
  title: string
  /** As people write it: _{…} is below the line, ^{…} above it. */
  formula: string
  /** Where it holds; absent where it always does. */
  range?: string
  source: string
  /** Counts up when the same input gives another result. */
  version: number
}
