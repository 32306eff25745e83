// Heights of bars.

/** The height of each bar in percent of the largest count. */
export function barHeights(counts) {
  const most = Math.max(1, ...counts);
  return counts.map((count) => (100 * count) / most);
}
