// The film of a run: one picture of 64 latents for each kept sample, and a scrubber that leads through them. Pictures
// are asked for in bundles around the place that is looked at, never two requests at once, and are kept here. The curves
// say where their cursor is (`gan-studio:cursor`), and hear where the film stands (`gan-studio:film`).

import { grouped } from "../shared/numbers.js";
import { lastAtMost } from "../shared/search.js";
import { Face, FILM, USUAL_SPEED } from "./face.js";
import { Frames, parsed, unpack } from "./frames.js";
import { Life } from "./life.js";

const MOST_ASKED = 64;
const NEAR = [4, 16]; // frames before and after the shown one that are asked for as soon as one is lacking
const AROUND = [16, 47]; // those that come along then
const ANSWER_MILLISECONDS = 4000; // after which an answer counts as lost
const READING_MILLISECONDS = 1000; // between two looks whether the real images have been read
const REST_MILLISECONDS = 400;
const KEYS = { ArrowLeft: "back", ArrowRight: "on", Home: "first", End: "last", " ": "play" };

class SamplePlayer {
  constructor(root) {
    this.root = root;
    this.frames = new Frames();
    this.head = {};
    this.sent = 0;
    this.speed = USUAL_SPEED;
    this.face = new Face(root, this);
    this.life = new Life(this, root.querySelector(".sample-player-life"));
    root.onkeydown = (event) => this.key(event);
    const point = (event) => {
      if (root.isConnected) this.cursor(event.detail);
      else window.removeEventListener("gan-studio:cursor", point);
    };
    window.addEventListener("gan-studio:cursor", point);
  }

  // another run
  reset() {
    this.samples = { images: [], epochs: [] };
    Object.assign(this, { at: 0, live: true, peek: null, view: FILM, busy: false, readAfter: 0, rested: "" });
    this.life.seed = null;
    this.halt();
    this.forget();
  }

  // pictures that may have changed: a run that went on from an older state makes its samples anew
  forget() {
    this.frames.clear();
    this.face.forget();
    this.life.forget();
  }

  // what the server says

  update(bytes, setStateValue) {
    this.setStateValue = setStateValue;
    const [head, samples, ...pngs] = unpack(bytes);
    const before = this.head;
    this.head = parsed(head);
    const another = this.head.run !== before.run || this.head.created !== before.created;
    if (another) this.reset();
    else if (this.head.attempt !== before.attempt) this.forget();
    if (another || this.head.samples !== before.samples) this.list(parsed(samples));
    for (const [index, mark] of this.head.frames.entries()) this.frames.add(mark, pngs[index]);
    for (const mark of this.head.missing) this.frames.missing.add(mark);
    this.sent = Math.max(this.sent, this.head.answer);
    if (this.head.answer >= this.sent) this.answered();
    this.render();
    this.announce();
    this.fetch();
  }

  list(samples) {
    const mark = this.samples.images[this.at];
    this.samples = samples;
    this.at = this.live ? this.last : Math.max(0, this.indexAt(mark));
  }

  answered() {
    clearTimeout(this.waiting);
    if (this.busy && this.asksReal()) {
      this.readAfter = performance.now() + READING_MILLISECONDS;
      setTimeout(() => this.fetch(), READING_MILLISECONDS);
    }
    this.busy = false;
  }

  // what is asked of the server

  wanted() {
    const { images } = this.samples;
    const lacking = (marks) => marks.filter((mark) => this.frames.lacks(mark));
    const around = ([before, after]) => images.slice(Math.max(0, this.shown - before), this.shown + after + 1);
    const urgent = lacking([images[this.shown], images[0], images[this.last], ...this.life.lacking, ...around(NEAR)]);
    return urgent.length ? [...new Set([...urgent, ...lacking(around(AROUND))])].slice(0, MOST_ASKED) : [];
  }

  asksReal() {
    return this.frames.lacks("real") && !this.head.problem;
  }

  fetch() {
    if (this.busy || !this.samples.images.length) return;
    const marks = this.wanted();
    const real = this.asksReal() && performance.now() >= this.readAfter;
    if (!marks.length && !real) return;
    this.busy = true;
    this.sent += 1;
    this.setStateValue("ask", { run: this.head.run, number: this.sent, marks, real });
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.busy = false;
      this.fetch();
    }, ANSWER_MILLISECONDS);
  }

  // where the film stands

  get last() {
    return this.samples.images.length - 1;
  }

  get shown() {
    const places = { Untrained: 0, Now: this.last };
    return this.peek ?? places[this.view] ?? this.at;
  }

  // the newest sample at or before a point of the clock, -1 where there is none
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
    this.fetch();
    this.changed();
  }

  announce() {
    const detail = { run: this.head.run, images_seen: this.samples.images[this.at] };
    window.dispatchEvent(new CustomEvent("gan-studio:film", { detail }));
  }

  cursor({ run, images_seen: images }) {
    if (run !== this.head.run) return;
    this.peek = images === null ? null : Math.max(0, this.indexAt(images));
    this.render();
    this.fetch();
    if (images === null) this.announce();
  }

  // what the person does

  take(index) {
    this.halt();
    this.live = false;
    this.view = FILM;
    this.stand(index);
  }

  look(view) {
    this.view = view;
    this.render();
    this.fetch();
  }

  act(name) {
    if (name === "play") this.timer ? this.halt() : this.play();
    else if (name === "follow") this.followNewest();
    else this.take({ first: 0, back: this.at - 1, on: this.at + 1, last: this.last }[name]);
  }

  followNewest() {
    this.halt();
    this.live = !this.live;
    this.view = FILM;
    this.stand(this.live ? this.last : this.at);
  }

  play() {
    this.live = false;
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
    this.changed();
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && this.life.seed !== null) return this.life.open(null);
    const act = KEYS[event.key];
    const elsewhere = event.target.closest("select, .sample-player-cells, .sample-player-life, .sample-player-tabs");
    if (!act || elsewhere || (act === "play" && event.target.closest("button"))) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(act);
  }

  // the server is told where the film rests, for what can be saved of it
  changed() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.timer) return;
      const rest = { run: this.head.run, mark: this.live ? null : this.samples.images[this.at], seed: this.life.seed };
      if (JSON.stringify(rest) !== this.rested) this.setStateValue("rest", rest);
      this.rested = JSON.stringify(rest);
    }, REST_MILLISECONDS);
  }

  // on the screen

  render() {
    if (!this.samples.images.length) return;
    this.face.render();
    this.life.update();
  }

  // a picture whose file is missing is played by the one before, or else by the one after
  standIn(index) {
    const { images } = this.samples;
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
    this.fetch();
  }

  // what is shown, and by which picture where its own is missing
  caption(index) {
    const text = this.said(this.shown);
    if (this.frames.missing.has(this.samples.images[index])) return `${text}. Its file is missing.`;
    return index === this.shown ? text : `${text}. Its file is missing: this is ${this.said(index).toLowerCase()}.`;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".sample-player");
  root.player ??= new SamplePlayer(root);
  root.player.update(data, setStateValue);
  return () => root.isConnected || root.player.frames.clear();
}
