// Fetches the rows of the shown curves: a group of curves over the whole run and, if a part is zoomed, the steps of
// that part. One request at a time, and only for rows that the browser does not have.

import { fetchOfRun } from "../shared/run_feed.js";
import { merged, Rows } from "./rows.js";

const RETRY_MILLISECONDS = 1000;

export class CurveLoader {
  /** `changed()` is called when there are other rows, or a problem. */
  constructor(changed) {
    this.changed = changed;
    this.reset();
  }

  /** Forget all rows: another run is shown. */
  reset(run = null) {
    clearTimeout(this.timer);
    Object.assign(this, { run, whole: new Map(), part: null, wish: null, status: null, problem: "" });
  }

  /** Show a group, zoomed to the part between `start` and `stop` images; null for no part, or no end. */
  want(group, start, stop, measured) {
    this.wish = { group, start, stop, measured };
    this.load();
  }

  /** The run has new rows. */
  heard(status) {
    this.status = status;
    this.load();
  }

  has(group) {
    return this.whole.has(group);
  }

  /** Whether each row of this group is a mean of several steps. */
  isCoarse(group) {
    return (this.whole.get(group)?.bucket ?? 1) > 1;
  }

  /** The rows of a group, with the finer rows of the zoomed part. */
  rows(group) {
    const whole = this.whole.get(group) ?? new Rows();
    return this.part?.group === group ? merged(whole, this.part.rows) : whole;
  }

  async load() {
    if (!this.wish) return;
    if (this.loading) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    Object.assign(this, { loading: true, again: false });
    const { run, wish } = this;
    const brought = await this.bring(wish).catch(() => null);
    this.loading = false;
    if (brought === null) this.timer = setTimeout(() => this.load(), RETRY_MILLISECONDS);
    if (brought && run === this.run) this.changed();
    if (this.again) this.load();
  }

  // returns whether rows came; rejects if the server cannot be reached
  async bring({ group, start, stop, measured }) {
    const whole = this.whole.get(group) ?? new Rows();
    const mark = measured ? this.status?.measurements : this.status?.step;
    let came = await this.ask(whole, mark, { group });
    if (came) this.whole.set(group, whole);
    if (start === null || !(whole.bucket > 1)) {
      came ||= this.part !== null;
      this.part = null;
      return came;
    }
    const query = { group, start, ...(stop === null ? {} : { stop }) };
    const key = JSON.stringify(query);
    const rows = this.part?.key === key ? this.part.rows : new Rows();
    const cameCloser = await this.ask(rows, mark, query);
    if (cameCloser) this.part = { key, group, rows };
    return came || cameCloser;
  }

  async ask(rows, mark, query) {
    if (rows.mark !== undefined && rows.mark === (mark ?? null)) return false;
    const { run } = this;
    const answer = await fetchOfRun(run, "curve", { ...query, ...rows.query });
    if (run !== this.run) return false;
    this.problem = answer.ok ? "" : await answer.text();
    if (answer.ok) rows.take(await answer.json());
    rows.mark = mark ?? null;
    return true;
  }
}
