// Numbers as texts.

const MINUS = "\u2212";
const HUGE = 1e6;
const TINY = 1e-4;
const NOTHING = "\u2013"; // an en dash

/** 1234567 as "1,234,567". */
export function grouped(number) {
  return Math.round(number).toLocaleString("en-US");
}

/** -0.5 as "−0.50", with a true minus sign. */
export function fixed(number, decimals = 2) {
  return withMinus(number.toFixed(decimals));
}

/** A number with four significant digits, a huge or tiny one as 6.8e13; a dash for null. */
export function significant(number, digits = 4) {
  if (number === null || number === undefined) return NOTHING;
  const size = Math.abs(number);
  if (size >= HUGE || (size > 0 && size < TINY)) return withMinus(number.toExponential(1).replace("e+", "e"));
  return withMinus(String(Number(number.toPrecision(digits))));
}

/** A text in which every hyphen is a minus sign. */
export function withMinus(text) {
  return text.replaceAll("-", MINUS);
}
