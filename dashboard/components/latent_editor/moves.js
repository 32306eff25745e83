// Which sliders were moved, and which of these moves the page has not confirmed yet.

/**
 * Sliders move faster than the page answers. A value counts until the page has confirmed the message that carried it, so
 * an older answer never sets back a slider that has moved since.
 */
export class Moves {
  #values = new Map(); // key of a slider -> its value
  #carriers = new Map(); // key -> number of the message with its newest value, once that was sent
  #sent = 0; // number of the newest message

  /** A slider has moved. */
  set(key, value) {
    this.#values.set(key, value);
    this.#carriers.delete(key);
  }

  /** The message that tells the page of all moves: { number, values }. */
  message() {
    this.#sent += 1;
    for (const key of this.#values.keys()) if (!this.#carriers.has(key)) this.#carriers.set(key, this.#sent);
    return { number: this.#sent, values: this.values };
  }

  /** The page has taken in the message of this number, and with it all before. */
  confirm(number) {
    this.#sent = Math.max(this.#sent, number);
    for (const [key, carrier] of this.#carriers) {
      if (carrier > number) continue;
      this.#carriers.delete(key);
      this.#values.delete(key);
    }
  }

  has(key) {
    return this.#values.has(key);
  }

  /** Whether the page has confirmed everything. */
  get none() {
    return this.#values.size === 0;
  }

  /** The unconfirmed values by the keys of their sliders. */
  get values() {
    return Object.fromEntries(this.#values);
  }
}
