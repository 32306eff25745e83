// Numbers as texts.

const MINUS = "\u2212";
const NOTHING = "\u2013"; // an en dash

/** 1234567 as "1,234,567". */
export function grouped(number) {
  return Math.round(number).toLocaleString("en-US");
}

/** -0.5 as "−0.50", with a true minus sign. */
export function fixed(number, decimals = 2) {
  return withMinus(number.toFixed(decimals));
}

/** A number with four significant digits; a dash for null. */
export function significant(number, digits = 4) {
  return number === null || number === undefined ? NOTHING : withMinus(String(Number(number.toPrecision(digits))));
}

/** A text in which every hyphen is a minus sign. */
export function withMinus(text) {
  return text.replaceAll("-", MINUS);
}
