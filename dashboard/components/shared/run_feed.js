// What a run is doing now. However many components of the page show a run, its status is fetched once a second, and only
// while the run is active and the tab can be seen. The page itself is not run for that.

import { addressOf } from "./server.js";

const EVERY_MILLISECONDS = 1000;
const ANSWER_MILLISECONDS = 5000; // after which an answer counts as lost

const feeds = new Map(); // run -> its feed

/** The address of something of a run, such as `status`, with a query. */
export function addressOfRun(run, what, query = {}) {
  return `${addressOf(`runs/${encodeURIComponent(run)}/${what}`)}?${new URLSearchParams(query)}`;
}

/** Fetch something of a run. Fails after a while, so that nothing waits for an answer that was lost. */
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

  // `version` is whatever changes when the page was drawn anew because the run changed
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
    await this.hear();
    this.fetching = false;
    if (this.again) this.fetch();
    else this.wait(EVERY_MILLISECONDS - (performance.now() - began));
  }

  async hear() {
    try {
      const answer = await fetchOfRun(this.run, "status");
      if (!answer.ok) return;
      this.status = await answer.json();
    } catch {
      return; // the server is busy or gone: the next answer says what happened meanwhile
    }
    for (const listener of [...this.listeners]) listener(this.status);
  }

  wait(milliseconds) {
    if (!this.active || document.hidden || !this.listeners.size) return;
    this.timer = setTimeout(() => this.fetch(), Math.max(0, milliseconds));
  }

  end() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.onVisible);
    feeds.delete(this.run);
  }
}

/** Follow a run: `listener` gets each status. What is returned has `expect(active, version)` and `end()`. */
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
