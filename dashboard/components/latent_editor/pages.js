// Which of many sliders are shown.

const SLIDERS_ON_A_PAGE = 12;
const MAIN_SLIDERS = 6;
const WEIGHT = "weight:"; // how the keys of the sliders on the shelf begin: these are always shown

/** The part of `names` that page number `page` shows; a page beyond the last is the last one. */
export function pageOf(names, page, size = SLIDERS_ON_A_PAGE) {
  const pages = Math.max(1, Math.ceil(names.length / size));
  const shown = Math.min(page, pages - 1);
  const first = shown * size;
  const part = names.slice(first, first + size);
  const text = `${first + 1} to ${first + part.length} of ${names.length}`;
  return { page: shown, pages, names: part, text };
}

/** The few sliders that are shown at first: the strongest directions of the first group. */
export function mainGroup(groups) {
  return { ...groups[0], names: groups[0].names.slice(0, MAIN_SLIDERS) };
}

/** How many sliders are moved and not among the few. `rests` holds the values at rest that are not 0. */
export function hiddenMoves(groups, values, rests) {
  const { kind, names } = mainGroup(groups);
  const shown = new Set(names.map((name) => `${kind}:${name}`));
  const hidden = Object.entries(values).filter(([key]) => !key.startsWith(WEIGHT) && !shown.has(key));
  return hidden.filter(([key, value]) => value !== (rests[key] ?? 0)).length;
}
