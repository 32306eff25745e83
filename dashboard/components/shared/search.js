// Binary search in ascending numbers.

/** The last index whose number is at most `x`, or -1. */
export function lastAtMost(ascending, x) {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The index of the number nearest to `x`; of two equally near ones the first. */
export function nearest(ascending, x) {
  const left = Math.max(0, lastAtMost(ascending, x));
  return left + 1 < ascending.length && ascending[left + 1] - x < x - ascending[left] ? left + 1 : left;
}
