// The sample grids of a run, one for each kept sample, a time line to choose one, and the live picture while the run
// trains. `update` gets the data of the page; between these calls, the player fetches new grids itself, the ones around
// the shown grid first. It follows the cursor of the curves (event `gan-studio:cursor`) and announces which sample is
// shown (event `gan-studio:sample`).

import { grouped } from "../shared/numbers.js";
import { fetchOfRun, followed } from "../shared/run_feed.js";
import { lastAtMost } from "../shared/search.js";
import { Frames, REAL } from "./frames.js";
import { LivePicture } from "./live.js";
import { Strip } from "./strip.js";
import { FILM, LIVE, PlayerView, UNTRAINED, USUAL_SPEED } from "./view.js";

const RETRY_MILLISECONDS = 1000; // after the list of the grids could not be fetched
const MOST_WANTED = 64;
const NEAR = [4, 16]; // frames before and after the shown one: if one is not loaded, fetch
const AROUND = [16, 47]; // these frames with it
const KEYS = { ArrowLeft: "back", ArrowRight: "on", Home: "first", End: "last", " ": "play" };
const NO_SAMPLES = { images: [], epochs: [], life: [], moments: [] };

function same(mark, other) {
  return mark.number === other.number && mark.newest === other.newest && mark.attempt === other.attempt;
}

export class SamplePlayer {
  constructor(root) {
    this.root = root;
    this.frames = new Frames(() => this.refresh());
    this.livePicture = new LivePicture(() => this.render());
    this.speed = USUAL_SPEED;
    this.face = new PlayerView(root, this);
    this.strip = new Strip(this, root.querySelector(".run-view-strip"));
    for (const part of root.querySelectorAll(".sample-player, .run-view-time, .run-view-strip")) {
      part.onkeydown = (event) => this.key(event);
    }
    this.onCursor = (event) => this.cursor(event.detail);
    window.addEventListener("gan-studio:cursor", this.onCursor);
  }

  leave() {
    clearTimeout(this.timer);
    clearTimeout(this.listTimer);
    this.feed?.end();
    this.frames.clear();
    this.livePicture.clear();
    window.removeEventListener("gan-studio:cursor", this.onCursor);
  }

  // the data of the page

  update({ data: page }) {
    const another = this.page?.run !== page.run || this.page.created !== page.created;
    this.page = page;
    if (another) this.reset();
    this.face.follow(page);
    this.feed = followed(this.feed, page, (status) => this.heard(status));
    this.refresh();
  }

  // another run
  reset() {
    this.samples = NO_SAMPLES;
    const view = this.page.active ? LIVE : FILM;
    Object.assign(this, { at: 0, follows: true, peek: null, view, mark: { attempt: 0, number: 0, newest: -1 } });
    this.strip.seed = null;
    this.halt();
    this.livePicture.clear(this.page.run);
    this.forget();
  }

  // drop pictures that may have changed: a run that resumes from an older checkpoint makes its samples again
  forget() {
    this.frames.clear(this.page.run, `${this.page.created} ${this.mark.attempt}`);
    this.face.forget();
    this.strip.forget();
  }

  refresh() {
    this.render();
    this.load();
  }

  // the list of samples

  heard({ samples: mark, live }) {
    this.newest = mark;
    this.livePicture.heard(live);
    if (this.showsLive) this.livePicture.load();
    if (!this.listing && !same(mark, this.mark)) this.list();
    if (!live) this.render();
  }

  async list() {
    const { page, newest } = this;
    this.listing = true;
    const goesOn = newest.attempt === this.mark.attempt && this.samples.images.length > 0;
    const known = goesOn ? { after: this.mark.newest } : {};
    const came = await this.listed(page, known).catch(() => null);
    this.listing = false;
    clearTimeout(this.listTimer);
    if (came && !same(this.newest, newest)) this.hearAgain();
    const again = () => this.hearAgain(); // a finished run says no more by itself
    if (came === null) this.listTimer = setTimeout(again, RETRY_MILLISECONDS);
  }

  hearAgain() {
    this.heard({ samples: this.newest, live: this.livePicture.offered });
  }

  async listed(page, known) {
    const answer = await fetchOfRun(page.run, "samples", known);
    if (!answer.ok || page.run !== this.page.run) return false;
    const { mark: now, images, epochs, life, moments } = await answer.json();
    const { samples } = this;
    const whole = now.number === images.length;
    if (!whole && now.number !== samples.images.length + images.length) return this.listed(page, {});
    const joined = { images: [...samples.images, ...images], epochs: [...samples.epochs, ...epochs] };
    this.take(now, { ...(whole ? { images, epochs } : joined), life, moments });
    return true;
  }

  take(mark, samples) {
    const { attempt } = this.mark;
    const shown = this.samples.images[this.at];
    this.samples = samples;
    this.mark = mark;
    if (mark.attempt !== attempt) this.forget();
    this.at = this.follows ? this.last : Math.max(0, this.indexAt(shown));
    this.refresh();
    this.announce();
  }

  // which pictures are fetched

  wanted() {
    const { images } = this.samples;
    const lacking = (marks) => marks.filter((mark) => this.frames.lacks(mark));
    const around = ([before, after]) => images.slice(Math.max(0, this.shown - before), this.shown + after + 1);
    const urgent = lacking([images[this.shown], images[0], images[this.last], ...this.strip.lacking, ...around(NEAR)]);
    return urgent.length ? [...new Set([...urgent, ...lacking(around(AROUND))])].slice(0, MOST_WANTED) : [];
  }

  load() {
    if (this.samples.images.length) this.frames.load([...this.wanted(), REAL]);
  }

  // which sample is shown

  get last() {
    return this.samples.images.length - 1;
  }

  get shown() {
    const places = { [UNTRAINED]: 0, [LIVE]: this.last };
    return this.peek ?? places[this.view] ?? this.at;
  }

  // whether the live picture is what a person wants to see now
  get showsLive() {
    return this.view === LIVE && this.peek === null && this.page.active;
  }

  // the newest sample at or before this many images seen, or -1
  indexAt(images) {
    return lastAtMost(this.samples.images, images);
  }

  said(index) {
    return `Epoch ${grouped(this.samples.epochs[index])}, ${grouped(this.samples.images[index])} images`;
  }

  shortly(index) {
    const [images, epoch] = [this.samples.images[index], this.samples.epochs[index]];
    if (!images) return "untrained";
    return epoch ? `epoch ${grouped(epoch)}` : grouped(images);
  }

  stand(index) {
    this.at = Math.max(0, Math.min(this.last, index));
    this.render();
    this.announce();
    this.load();
  }

  announce() {
    if (this.last < 0) return; // no sample is shown
    const detail = {
      run: this.page.run,
      images_seen: this.samples.images[this.at],
      newest: this.follows, // follows the newest sample
      seed: this.strip.seed,
    };
    window.dispatchEvent(new CustomEvent("gan-studio:sample", { detail }));
  }

  cursor({ run, images_seen: images }) {
    if (run !== this.page.run) return;
    this.peek = images === null || this.last < 0 ? null : Math.max(0, this.indexAt(images));
    this.render();
    this.load();
    if (images === null) this.announce();
  }

  // actions of the visitor

  go(index) {
    this.halt();
    this.follows = false;
    this.view = FILM;
    this.stand(index);
  }

  goTo(images) {
    this.go(this.indexAt(images));
  }

  look(view) {
    this.halt();
    this.view = view;
    if (view !== LIVE) return this.refresh();
    this.follows = true;
    this.livePicture.load();
    return this.stand(this.last);
  }

  act(name) {
    if (name === "play") this.timer ? this.halt() : this.play();
    else this.go({ first: 0, back: this.at - 1, on: this.at + 1, last: this.last }[name]);
  }

  play() {
    this.follows = false;
    this.view = FILM;
    if (this.at === this.last) this.stand(0);
    this.tick();
  }

  tick() {
    this.timer = setTimeout(() => {
      if (this.at === this.last) return this.halt();
      if (!this.frames.lacks(this.samples.images[this.at + 1])) this.stand(this.at + 1);
      this.tick();
    }, 1000 / this.speed);
    this.render();
  }

  halt() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.render();
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && this.strip.seed !== null) return this.strip.open(null);
    const act = KEYS[event.key];
    const elsewhere = event.target.closest("select, .sample-player-cells, .sample-player-strip, .sample-player-tabs");
    if (!act || elsewhere || this.last < 0 || (act === "play" && event.target.closest("button"))) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(act);
  }

  // on the screen

  layout(side) {
    this.face.layout(side);
  }

  render() {
    if (!this.samples) return;
    this.face.render();
    this.strip.update();
  }

  // the index of the picture to show: if its file is missing, the nearest one that exists, the earlier one first; -1
  // without any sample
  standIn(index) {
    const { images } = this.samples;
    if (!images.length) return -1;
    const there = (place) => place in images && !this.frames.missing.has(images[place]);
    for (let step = 0; step < images.length; step += 1) {
      if (there(index - step)) return index - step;
      if (there(index + step)) return index + step;
    }
    return index;
  }

  damaged(mark) {
    this.frames.damaged(mark);
    this.render();
    this.load();
  }

  // the caption of a sample; it says if another picture is shown because the file is missing
  caption(index) {
    if (index < 0) return "";
    const newest = this.view === LIVE && this.peek === null;
    const text = newest ? `Newest kept (${grouped(this.samples.images[index])})` : this.said(this.shown);
    if (this.frames.missing.has(this.samples.images[index])) return `${text}. Its file is missing.`;
    return index === this.shown ? text : `${text}. Its file is missing: this is ${this.said(index).toLowerCase()}.`;
  }
}
