// In which order frames are played.

/** The frame to show after `index`; null at the end of an animation that does not start again. */
export function frameAfter(index, last, round) {
  if (index < last) return index + 1;
  return round ? 0 : null;
}
