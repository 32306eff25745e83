// The present status of a run. It is fetched once a second for all components of the page together, and only while the
// run is active and the tab is visible, or until the first answer has come. The script of the page does not run for that.

import { addressOf } from "./server.js";

const EVERY_MILLISECONDS = 1000;
const ANSWER_MILLISECONDS = 5000; // after which an answer counts as lost

const feeds = new Map(); // run -> its feed

/** The address of a route of a run, such as `status`, with a query. */
export function addressOfRun(run, what, query = {}) {
  return `${addressOf(`runs/${encodeURIComponent(run)}/${what}`)}?${new URLSearchParams(query)}`;
}

/** Fetch from a route of a run. Fails after ANSWER_MILLISECONDS, so that a lost answer blocks nothing. */
export function fetchOfRun(run, what, query = {}) {
  const options = { signal: AbortSignal.timeout(ANSWER_MILLISECONDS) };
  return fetch(addressOfRun(run, what, query), options);
}

class Feed {
  constructor(run) {
    this.run = run;
    this.listeners = new Set();
    this.status = null;
    this.active = false;
    this.version = undefined;
    this.onVisible = () => document.hidden || this.fetch();
    document.addEventListener("visibilitychange", this.onVisible);
  }

  // `version` changes when the page has drawn the run again
  expect(active, version) {
    this.active = active;
    if (version === this.version) return;
    this.version = version;
    this.fetch();
  }

  async fetch() {
    if (this.fetching) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.fetching = true;
    this.again = false;
    const began = performance.now();
    const heard = await this.hear();
    this.fetching = false;
    this.lost = !heard;
    if (this.again) this.fetch();
    else this.wait(EVERY_MILLISECONDS - (performance.now() - began));
  }

  // returns whether an answer came
  async hear() {
    try {
      const answer = await fetchOfRun(this.run, "status");
      if (!answer.ok) return true;
      this.status = await answer.json();
    } catch {
      return false; // the server is busy or gone: the next answer brings all news
    }
    for (const listener of [...this.listeners]) listener(this.status);
    return true;
  }

  wait(milliseconds) {
    if (!(this.active || this.lost) || document.hidden || !this.listeners.size) return;
    this.timer = setTimeout(() => this.fetch(), Math.max(0, milliseconds));
  }

  end() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.onVisible);
    feeds.delete(this.run);
  }
}

/** Follow a run: `listener` gets each status. Returns an object with `expect(active, version)` and `end()`. */
export function follow(run, listener) {
  const feed = feeds.get(run) ?? new Feed(run);
  feeds.set(run, feed);
  feed.listeners.add(listener);
  if (feed.status) queueMicrotask(() => feed.listeners.has(listener) && listener(feed.status));
  return {
    run,
    expect: (active, version) => feed.expect(active, version),
    end() {
      feed.listeners.delete(listener);
      if (!feed.listeners.size) feed.end();
    },
  };
}

/** Follow the run that `data` names ({run, active, version}) in place of the one before, if it is another. */
export function followed(before, data, listener) {
  const same = before?.run === data.run;
  if (!same) before?.end();
  const now = same ? before : follow(data.run, listener);
  now.expect(data.active, data.version);
  return now;
}
