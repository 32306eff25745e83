// What sets a cookie, or removes it.

const ONE_YEAR = 31_536_000; // seconds

/** The text for `document.cookie`; an empty value removes the cookie. */
export function cookieText({ name, value, path }) {
  return `${name}=${value}; path=${path}; max-age=${value ? ONE_YEAR : 0}; SameSite=Lax`;
}
