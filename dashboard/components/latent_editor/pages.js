// Many sliders on several pages.

const SLIDERS_ON_A_PAGE = 12;

/** The part of `names` that page number `page` shows; a page beyond the last is the last one. */
export function pageOf(names, page, size = SLIDERS_ON_A_PAGE) {
  const pages = Math.max(1, Math.ceil(names.length / size));
  const shown = Math.min(page, pages - 1);
  const first = shown * size;
  const part = names.slice(first, first + size);
  const text = `${first + 1} to ${first + part.length} of ${names.length}`;
  return { page: shown, pages, names: part, text };
}
