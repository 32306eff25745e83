// The value of a slider as a text.

import { fixed } from "../shared/numbers.js";

const THRESHOLD = "tau"; // the slider of the truncation by a threshold, which at rest truncates nothing

export function valueText(slider, value) {
  return slider.key === THRESHOLD && value === slider.rest ? "off" : fixed(value);
}
