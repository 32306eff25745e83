// Addresses of this app's own server.

/** The address of a path such as `live`, also where the app is not at the root of its host. */
export function addressOf(path) {
  return new URL(`../../../${path}`, import.meta.url).href; // this module is components/<version>/shared/server.js
}
