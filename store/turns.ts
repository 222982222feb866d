/** One writer at a time: tasks run in the order in which they were asked for, and a failed one does not stop the next. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  take<T>(task: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(task, task)
    this.#last = mine.then(
      () => undefined,
      () => undefined // The caller of `take` has the failure; the next in line only waits for the end.
    )
    return mine
  }
}
