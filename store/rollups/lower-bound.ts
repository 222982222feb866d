/** Binary search in ascending times. */
/** Where the first of ascending times lies that is not before `time`. */
export function lowerBound(times: ArrayLike<number>, time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}
