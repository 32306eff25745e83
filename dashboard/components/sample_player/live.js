// The live picture: what the averaged generator makes of the 64 latents now. It is not kept, and has its own number of
// images. `live` in the status of the run says which one the server has.

import { fetchOfRun } from "../shared/run_feed.js";

export class LivePicture {
  /** `changed()` is called when there is another picture. */
  constructor(changed) {
    this.changed = changed;
    this.clear();
  }

  /** Forget the picture: another run is shown. */
  clear(run = null) {
    if (this.url) URL.revokeObjectURL(this.url);
    Object.assign(this, { run, offered: null, images: null, version: null, url: null });
  }

  /** The server has this picture: {images, version}, or null for none. */
  heard(offered) {
    this.offered = offered ?? null;
    if (!this.offered && this.url) this.clear(this.run);
  }

  /** Fetch the newest picture if it is not here; one at a time. */
  async load() {
    const { run, offered } = this;
    if (!offered || this.loading || offered.version === this.version) return;
    this.loading = true;
    const blob = await this.bring(run, offered).catch(() => null);
    this.loading = false;
    if (run !== this.run || !blob || !this.offered) return;
    const before = this.url;
    Object.assign(this, { images: offered.images, version: offered.version, url: URL.createObjectURL(blob) });
    this.changed();
    if (before) setTimeout(() => URL.revokeObjectURL(before), 1000); // an image may be reading it
  }

  async bring(run, { version }) {
    const answer = await fetchOfRun(run, "live.png", { version });
    return answer.ok ? answer.blob() : null;
  }
}
