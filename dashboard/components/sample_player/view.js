// How the sample player looks: its tabs, the picture with its cells, and the time line.

import { fillTrack, makeButton } from "../shared/dom.js";
import { grouped } from "../shared/numbers.js";
import { REAL } from "./frames.js";

const SPEEDS = [2, 5, 10, 20]; // frames a second
export const USUAL_SPEED = 5;
export const FILM = "Film";
export const UNTRAINED = "Untrained";
export const LIVE = "Live";
const VIEWS = [FILM, "Real", UNTRAINED, LIVE];
const AT_REST = "Newest"; // what the last tab is called when the run does not train
const ACTS = {
  back: ["Previous picture", "M16 6l-8 6 8 6z"],
  play: ["Play", "M8 5l11 7-11 7z"],
  pause: ["Pause the film", "M8 5v14M16 5v14"],
  on: ["Next picture", "M8 6l8 6-8 6z"],
};

/** The button that a key leads to from the focused one; `steps` gives the distance for each key. */
export function walked(event, buttons, steps) {
  const step = steps[event.key];
  const next = step && buttons[buttons.indexOf(event.target.closest("button")) + step];
  if (step) event.preventDefault();
  return next;
}

/** Where a number of images lies between the samples, as a share of the time line in 0..1. */
export function shareOf(images, samples) {
  const last = samples.length - 1;
  if (last < 1) return 0;
  const after = samples.findIndex((seen) => seen >= images);
  if (after < 1) return after ? 1 : 0;
  const [from, to] = [samples[after - 1], samples[after]];
  return (after - 1 + (images - from) / (to - from)) / last;
}

export class PlayerView {
  constructor(root, player) {
    this.root = root;
    this.player = player;
    const find = (name) => root.querySelector(`.sample-player-${name}`);
    [this.tabs, this.stage, this.picture, this.cells] = ["tabs", "stage", "picture", "cells"].map(find);
    [this.caption, this.scrubber, this.speeds, this.message] = ["caption", "scrubber", "speed", "message"].map(find);
    this.pins = root.querySelector(".run-view-pins");
    this.buildBar();
    this.buildTabs();
    this.picture.onload = () => this.loaded();
    this.picture.onerror = () => this.broken();
  }

  // building

  buildBar() {
    const { player } = this;
    const buttons = [...this.root.querySelectorAll("[data-act]")];
    this.acts = Object.fromEntries(buttons.map((button) => [button.dataset.act, button]));
    for (const [name, button] of Object.entries(this.acts)) {
      this.draw(name, name);
      button.onclick = () => player.act(name);
    }
    const options = SPEEDS.map((speed) => new Option(`${speed}/s`, String(speed), false, speed === USUAL_SPEED));
    this.speeds.append(...options);
    this.speeds.onchange = () => {
      player.speed = Number(this.speeds.value);
    };
    this.scrubber.oninput = () => player.go(Number(this.scrubber.value));
  }

  draw(name, look) {
    const [label, path] = ACTS[look];
    const button = this.acts[name];
    button.setAttribute("aria-label", label);
    button.title = label;
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
  }

  // the page says how a grid is laid out
  follow({ seeds, columns, active, pins }) {
    this.columns = columns;
    if (this.cells.children.length !== seeds) this.buildCells(seeds);
    this.tabs.lastChild.textContent = active ? LIVE : AT_REST;
    this.pinned = pins;
  }

  buildCells(seeds) {
    const cells = Array.from({ length: seeds }, (_, seed) => {
      const cell = makeButton("sample-player-cell");
      cell.title = `Seed ${seed}`;
      cell.setAttribute("aria-label", `Seed ${seed} through training`);
      cell.tabIndex = seed ? -1 : 0;
      cell.onclick = () => this.player.strip.open(seed);
      return cell;
    });
    this.cells.style.setProperty("--columns", String(this.columns));
    this.cells.setAttribute("aria-label", `The ${seeds} latents: arrow keys move, Enter shows one through training`);
    this.cells.replaceChildren(...cells);
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns };
    this.cells.onkeydown = (event) => this.focusCell(walked(event, cells, steps));
  }

  focusCell(next) {
    if (!next) return;
    for (const cell of this.cells.children) cell.tabIndex = cell === next ? 0 : -1;
    next.focus({ preventScroll: true });
  }

  buildTabs() {
    const tabs = VIEWS.map((view) => {
      const tab = makeButton("run-view-tab", view);
      tab.setAttribute("role", "tab");
      tab.dataset.view = view;
      tab.onclick = () => this.player.look(view);
      return tab;
    });
    this.tabs.replaceChildren(...tabs);
    this.tabs.onkeydown = (event) => {
      const next = walked(event, tabs, { ArrowLeft: -1, ArrowRight: 1 });
      next?.click();
      next?.focus();
    };
  }

  // drawing

  forget() {
    delete this.picture.dataset.mark;
  }

  render() {
    const { livePicture, showsLive } = this.player;
    if (showsLive && livePicture.url) this.renderLive(livePicture);
    else this.renderKept();
    this.renderBar();
    this.renderTabs();
    this.renderPins();
  }

  renderLive({ images, url }) {
    this.cells.hidden = false;
    this.message.hidden = true;
    this.stage.classList.remove("blank");
    this.stage.setAttribute("aria-busy", "false");
    this.write(`Live: ${grouped(images)} images`);
    this.put(`live ${images}`, url, this.described(images));
  }

  renderKept() {
    const { player } = this;
    const real = player.view === "Real" && player.peek === null;
    const index = player.standIn(player.shown);
    const mark = real ? REAL : player.samples.images[index];
    const frame = player.frames.get(mark);
    this.cells.hidden = real || index < 0;
    this.message.hidden = real || index >= 0;
    this.message.textContent = player.page.no_picture;
    this.stage.classList.toggle("blank", (real && !frame) || index < 0);
    this.stage.setAttribute("aria-busy", String(player.frames.lacks(mark) && !(real && player.frames.problem)));
    this.write(real ? player.frames.problem || "Real images of the data set" : player.caption(index));
    if (frame) this.put(String(mark), frame.url, real ? "64 real images of the data set" : this.described(mark));
  }

  write(caption) {
    if (this.caption.textContent === caption) return;
    this.caption.textContent = caption;
    this.caption.title = caption;
  }

  put(mark, url, text) {
    if (this.picture.dataset.mark === mark) return;
    this.picture.src = url;
    this.picture.dataset.mark = mark;
    this.picture.alt = text;
  }

  described(images) {
    const { seeds, run } = this.player.page;
    return `${seeds} pictures that the generator of run ${run} makes after ${grouped(images)} images`;
  }

  // the PNG cannot be read
  broken() {
    const { mark } = this.picture.dataset;
    if (mark === undefined) return;
    delete this.picture.dataset.mark;
    if (!mark.startsWith("live")) this.player.damaged(mark === REAL ? mark : Number(mark));
  }

  loaded() {
    this.smooth();
    this.player.strip.update();
  }

  renderBar() {
    const { at, last, timer } = this.player;
    this.scrubber.max = String(Math.max(0, last));
    this.scrubber.value = String(at);
    this.scrubber.disabled = last < 1;
    if (last >= 0) this.scrubber.setAttribute("aria-valuetext", this.player.said(at));
    if (last > 0) fillTrack(this.scrubber, 0);
    this.acts.back.disabled = at <= 0;
    this.acts.on.disabled = at >= last;
    this.acts.play.disabled = last < 1;
    const look = timer ? "pause" : "play";
    if (this.acts.play.title !== ACTS[look][0]) this.draw("play", look);
  }

  renderTabs() {
    for (const tab of this.tabs.children) {
      const chosen = tab.dataset.view === this.player.view;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    const { seed } = this.player.strip;
    for (const [place, cell] of [...this.cells.children].entries()) cell.classList.toggle("open", place === seed);
  }

  // a mark on the time line for each pinned snapshot
  renderPins() {
    const { images } = this.player.samples;
    const pins = images.length > 1 ? (this.pinned ?? []) : [];
    const shape = JSON.stringify([pins, images.length, images.at(-1)]);
    if (shape === this.pinShape) return;
    this.pinShape = shape;
    this.pins.replaceChildren(...pins.map((pin) => this.pinOf(pin, shareOf(pin, images))));
  }

  pinOf(pin, share) {
    const button = makeButton("run-view-pin");
    const text = `Pinned at ${grouped(pin)} images`;
    button.title = text;
    button.setAttribute("aria-label", text);
    button.style.setProperty("--share", String(share));
    button.onclick = () => this.player.goTo(pin);
    return button;
  }

  get cellPixels() {
    return this.picture.naturalWidth / this.columns;
  }

  layout(side) {
    this.side = side;
    this.smooth();
  }

  // a grid larger than the film is shrunk: then single pixels would be dropped
  smooth() {
    this.stage.classList.toggle("shrunk", this.side * devicePixelRatio < this.picture.naturalWidth);
  }
}
