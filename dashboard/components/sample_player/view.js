// How the sample player looks: its buttons, the picture with its 64 cells; real, untrained and newest side by side.

import { fillTrack, make, makeButton } from "../shared/dom.js";
import { grouped } from "../shared/numbers.js";
import { REAL } from "./frames.js";

export const GRID = 8; // pictures in a row and rows in a picture
const SPEEDS = [2, 5, 10, 20]; // frames a second
export const USUAL_SPEED = 5;
const SHARE_OF_THE_HEIGHT = 0.6; // of the window, for the picture
const SMALLEST_STRIP_PIXELS = 160; // width of one of three pictures beside each other
const ROOM_BESIDE_PIXELS = 250;
const GAP_PIXELS = 12;
export const FILM = "Film";
const VIEWS = [FILM, "Real", "Untrained", "Newest"];
const ACTS = {
  first: ["First", "M6 5v14M18 6l-8 6 8 6z"],
  back: ["Previous", "M16 6l-8 6 8 6z"],
  play: ["Play", "M8 5l11 7-11 7z"],
  pause: ["Pause", "M8 5v14M16 5v14"],
  on: ["Next", "M8 6l8 6-8 6z"],
  last: ["Last", "M18 5v14M6 6l8 6-8 6z"],
};
const HINT = "<kbd>\u2190</kbd> <kbd>\u2192</kbd> step, <kbd>Home</kbd> <kbd>End</kbd> jump, <kbd>Space</kbd> plays";

// The width of a picture on the page if each of its pixels is a square of whole screen pixels.
function fitted(native, room) {
  const times = Math.floor((room * devicePixelRatio) / native);
  return times ? (native * times) / devicePixelRatio : room;
}

// The button that a key leads to from the focused one; `steps` gives the distance for each key.
export function walked(event, buttons, steps) {
  const step = steps[event.key];
  const next = step && buttons[buttons.indexOf(event.target.closest("button")) + step];
  if (step) event.preventDefault();
  return next;
}

export class PlayerView {
  constructor(root, player) {
    this.root = root;
    this.player = player;
    const find = (name) => root.querySelector(`.sample-player-${name}`);
    [this.tabs, this.stage, this.picture, this.cells] = ["tabs", "stage", "picture", "cells"].map(find);
    [this.caption, this.scrubber, this.follow, this.strip] = ["caption", "scrubber", "follow", "strip"].map(find);
    this.buildBar();
    this.buildCells();
    this.buildTabs();
    this.buildStrip();
    find("hint").innerHTML = HINT;
    this.picture.onload = () => this.layout();
    this.picture.onerror = () => this.broken();
    new ResizeObserver(() => this.layout()).observe(root);
  }

  // building

  buildBar() {
    const { player } = this;
    const buttons = [...this.root.querySelectorAll("[data-act]")];
    this.acts = Object.fromEntries(buttons.map((button) => [button.dataset.act, button]));
    for (const [name, button] of Object.entries(this.acts)) {
      if (name in ACTS) this.draw(name, name);
      button.onclick = () => player.act(name);
    }
    const speeds = this.root.querySelector("select");
    speeds.append(...SPEEDS.map((speed) => new Option(String(speed), String(speed), false, speed === USUAL_SPEED)));
    speeds.onchange = () => (player.speed = Number(speeds.value));
    this.scrubber.oninput = () => player.go(Number(this.scrubber.value));
  }

  draw(name, look) {
    const [label, path] = ACTS[look];
    const button = this.acts[name];
    button.setAttribute("aria-label", label);
    button.title = label;
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
  }

  buildCells() {
    const cells = Array.from({ length: GRID * GRID }, (_, seed) => {
      const cell = makeButton("sample-player-cell");
      cell.title = `Seed ${seed}`;
      cell.setAttribute("aria-label", `Seed ${seed} through training`);
      cell.tabIndex = seed ? -1 : 0;
      cell.onclick = () => this.player.life.open(seed);
      return cell;
    });
    this.cells.setAttribute("aria-label", "The 64 latents: arrow keys move, Enter shows one through training");
    this.cells.replaceChildren(...cells);
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -GRID, ArrowDown: GRID };
    this.cells.onkeydown = (event) => this.focusCell(walked(event, cells, steps));
  }

  focusCell(next) {
    if (!next) return;
    for (const cell of this.cells.children) cell.tabIndex = cell === next ? 0 : -1;
    next.focus({ preventScroll: true });
  }

  buildTabs() {
    const tabs = VIEWS.map((view) => {
      const tab = makeButton("sample-player-tab", view);
      tab.setAttribute("role", "tab");
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

  buildStrip() {
    this.figures = VIEWS.slice(1).map(() => {
      const figure = make("figure");
      figure.append(make("img"), make("p", "sample-player-gone small quiet"), make("figcaption", "small"));
      return figure;
    });
    this.strip.replaceChildren(...this.figures);
  }

  // drawing

  forget() {
    for (const image of this.root.querySelectorAll("img")) delete image.dataset.mark;
  }

  render() {
    this.renderPicture();
    this.renderBar();
    this.renderTabs();
    this.renderStrip();
  }

  renderPicture() {
    const { player } = this;
    const real = player.view === "Real" && player.peek === null;
    const index = player.standIn(player.shown);
    const mark = real ? REAL : player.samples.images[index];
    const frame = player.frames.get(mark);
    this.cells.hidden = real;
    this.stage.classList.toggle("blank", real && !frame);
    this.stage.setAttribute("aria-busy", String(player.frames.lacks(mark) && !(real && player.frames.problem)));
    this.caption.textContent = real ? player.frames.problem || "Real images of the data set" : player.caption(index);
    if (!frame || this.picture.dataset.mark === String(mark)) return;
    const images = grouped(player.samples.images[index]);
    this.picture.src = frame.url;
    this.picture.dataset.mark = String(mark);
    this.picture.alt = real
      ? "64 real images of the data set"
      : `64 pictures that the generator of run ${player.page.run} makes after ${images} images`;
  }

  // the PNG cannot be read
  broken() {
    const { mark } = this.picture.dataset;
    if (mark === undefined) return;
    delete this.picture.dataset.mark;
    this.player.damaged(mark === REAL ? mark : Number(mark));
  }

  renderBar() {
    const { at, last, page, live, timer } = this.player;
    this.scrubber.max = String(last);
    this.scrubber.value = String(at);
    this.scrubber.disabled = last < 1;
    this.scrubber.setAttribute("aria-valuetext", this.player.said(at));
    if (last > 0) fillTrack(this.scrubber, 0);
    this.acts.first.disabled = this.acts.back.disabled = at === 0;
    this.acts.on.disabled = this.acts.last.disabled = at === last;
    this.acts.play.disabled = last < 1;
    const look = timer ? "pause" : "play";
    if (this.acts.play.title !== ACTS[look][0]) this.draw("play", look);
    this.follow.hidden = !page.active;
    this.follow.setAttribute("aria-pressed", String(live));
  }

  renderTabs() {
    for (const tab of this.tabs.children) {
      const chosen = tab.textContent === this.player.view;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    const { seed } = this.player.life;
    for (const [place, cell] of [...this.cells.children].entries()) cell.classList.toggle("open", place === seed);
  }

  renderStrip() {
    const { samples, last, frames } = this.player;
    const marks = [REAL, samples.images[0], samples.images[last]];
    const words = ["Real", "Untrained", `Newest, ${this.player.shortly(last)}`];
    this.figures.forEach((figure, index) => {
      const [image, gone, caption] = figure.children;
      const frame = frames.get(marks[index]);
      const lost = index ? frames.missing.has(marks[index]) && "Its file is missing." : frames.problem;
      figure.classList.toggle("lost", Boolean(lost));
      gone.textContent = lost || "";
      caption.textContent = words[index];
      image.alt = `${words[index]}, small`;
      if (!frame || image.dataset.mark === String(marks[index])) return;
      image.src = frame.url;
      image.dataset.mark = String(marks[index]);
    });
  }

  get cellPixels() {
    return this.picture.naturalWidth / GRID;
  }

  layout() {
    const { naturalWidth: native } = this.picture;
    const room = this.root.clientWidth;
    if (!native || !room) return;
    const width = fitted(native, Math.min(room, SHARE_OF_THE_HEIGHT * window.innerHeight));
    const small = Math.min(fitted(native, (room - 2 * GAP_PIXELS) / 3), width);
    const wide = small >= SMALLEST_STRIP_PIXELS;
    this.root.style.setProperty("--picture", `${width}px`);
    this.root.style.setProperty("--small", `${small}px`);
    this.root.classList.toggle("wide", wide);
    this.root.classList.toggle("roomy", room - width >= ROOM_BESIDE_PIXELS);
    this.root.classList.toggle("shrunk", width * devicePixelRatio < native);
    if (wide && this.player.view !== FILM) this.player.look(FILM);
    this.player.life.pointed = null; // the strip may have another layout now
    this.player.life.update();
  }
}
