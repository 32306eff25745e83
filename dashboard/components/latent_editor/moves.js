// Which sliders were moved, and which of these moves the page does not show yet.

/**
 * Sliders move faster than the page answers. The value of a moved slider counts until the page shows it, so an older
 * answer never sets back a slider that has moved since.
 */
export class Moves {
  #values = new Map(); // key of a slider -> its value
  #sent = new Set(); // keys whose value the page has been sent

  /** A slider has moved. */
  set(key, value) {
    this.#values.set(key, value);
    this.#sent.delete(key);
  }

  /** All values, to send them to the page. */
  send() {
    for (const key of this.#values.keys()) this.#sent.add(key);
    return this.values;
  }

  /** The page shows these values. A slider that it does not mention is at 0. */
  settle(shown) {
    for (const key of this.#sent) if ((shown[key] ?? 0) === this.#values.get(key)) this.#forget(key);
  }

  /** Forget what was sent: the page has refused it, or does something else now. */
  giveUp() {
    for (const key of this.#sent) this.#forget(key);
  }

  #forget(key) {
    this.#values.delete(key);
    this.#sent.delete(key);
  }

  has(key) {
    return this.#values.has(key);
  }

  /** Whether the page shows all moves. */
  get none() {
    return this.#values.size === 0;
  }

  /** The values that the page does not show yet, by the keys of their sliders. */
  get values() {
    return Object.fromEntries(this.#values);
  }
}
