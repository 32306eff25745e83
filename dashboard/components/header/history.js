// Which changes of the address are new entries of the browser's history. A page writes what it shows into its address.
// Each of these changes would be an entry of its own, and Back would have to be pressed once for each of them.

/**
 * Whether a change of the address replaces the present entry: a change of the view of one run does, and so does a
 * redirection from an address without a run. Another page or another run is a new entry.
 *
 * @param {URL} before
 * @param {URL} after
 */
export function replaces(before, after) {
  if (before.pathname.endsWith("/")) return true; // the front door, which redirects
  if (before.pathname !== after.pathname) return false;
  const [from, to] = [before, after].map((address) => address.searchParams.get("run"));
  return from === null || from === to;
}

/** Make `pushState` of a history replace the present entry where `replaces` says so. */
export function keepEntriesFew(history, location) {
  const push = history.pushState.bind(history);
  history.pushState = (state, title, address) => {
    const before = new URL(location.href);
    if (replaces(before, new URL(address ?? before, before))) history.replaceState(state, title, address);
    else push(state, title, address);
  };
}
