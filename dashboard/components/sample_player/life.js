// One latent through training: its cell from every frame, as a strip of buttons.

import { make, makeButton } from "../shared/dom.js";
import { thinned } from "./frames.js";
import { GRID, walked } from "./view.js";

const LIFE_PICTURES = 60;
const LIFE_CELL_PIXELS = 56;

export class Life {
  constructor(player, root) {
    this.player = player;
    this.root = root;
    this.seed = null;
    this.items = new Map(); // mark -> its button
    this.build();
  }

  build() {
    this.title = make("strong");
    this.close = makeButton("push", "Close");
    this.close.onclick = () => this.open(null);
    const head = make("div", "sample-player-life-head");
    head.append(this.title, this.close);
    this.list = make("div", "sample-player-life-list");
    this.list.onkeydown = (event) => this.walk(event);
    this.empty = make("p", "quiet small", "Click one of the 64 to see it through training.");
    this.root.replaceChildren(head, this.list, this.empty);
  }

  open(seed) {
    const before = this.seed;
    this.seed = seed;
    this.forget();
    this.player.refresh();
    const { face } = this.player;
    if (seed === null && before !== null) face.focusCell(face.cells.children[before]);
    if (seed !== null) this.close.focus({ preventScroll: true });
    this.player.announce();
  }

  forget() {
    this.items.clear();
    this.list.replaceChildren();
    this.listed = "";
    this.pointed = null;
  }

  get marks() {
    return this.seed === null ? [] : thinned(this.player.samples.images, LIFE_PICTURES);
  }

  // buttons whose picture is not painted yet
  get lacking() {
    return this.marks.filter((mark) => !this.items.get(mark)?.painted);
  }

  update() {
    const open = this.seed !== null;
    this.root.classList.toggle("open", open);
    this.title.textContent = open ? `Seed ${this.seed} through training` : "";
    const { marks } = this;
    if (marks.join() !== this.listed) this.relist(marks);
    for (const mark of this.lacking) this.paint(mark);
    this.point();
  }

  relist(marks) {
    const focused = this.root.getRootNode().activeElement;
    this.listed = marks.join();
    this.list.replaceChildren(...marks.map((mark) => this.item(mark)));
    if (this.list.contains(focused)) focused.focus({ preventScroll: true });
    for (const mark of this.items.keys()) if (!marks.includes(mark)) this.items.delete(mark);
  }

  item(mark) {
    const kept = this.items.get(mark);
    if (kept) return kept;
    const button = makeButton("sample-player-life-item");
    button.tabIndex = -1;
    const { player } = this;
    const text = player.said(player.indexAt(mark));
    button.setAttribute("aria-label", `Seed ${this.seed}, ${text.toLowerCase()}`);
    button.title = text;
    button.append(make("canvas"), make("span", "small", player.shortly(player.indexAt(mark))));
    button.onclick = () => player.go(player.indexAt(mark));
    this.items.set(mark, button);
    return button;
  }

  async paint(mark) {
    const button = this.items.get(mark);
    if (this.player.frames.missing.has(mark)) {
      button.painted = true;
      button.classList.add("gone");
      button.title += " (its file is missing)";
      return;
    }
    const frame = this.player.frames.get(mark);
    const side = this.player.face.cellPixels;
    if (!frame || !side) return;
    button.painted = true;
    const [row, column] = [Math.floor(this.seed / GRID), this.seed % GRID];
    const cell = await createImageBitmap(frame.blob, column * side, row * side, side, side).catch(() => null);
    if (!cell) return;
    const canvas = button.querySelector("canvas");
    canvas.width = canvas.height = side;
    canvas.getContext("2d").drawImage(cell, 0, 0);
    const times = Math.max(1, Math.round((LIFE_CELL_PIXELS * devicePixelRatio) / side));
    canvas.style.width = `${(side * times) / devicePixelRatio}px`;
  }

  // mark the picture that the player shows
  point() {
    const { at, samples } = this.player;
    const { marks } = this;
    const shown = marks.filter((mark) => mark <= samples.images[at]).at(-1);
    for (const [mark, button] of this.items) {
      const here = mark === shown;
      if (here && mark !== this.pointed) this.reveal(button);
      button.setAttribute("aria-current", String(here));
      button.tabIndex = here ? 0 : -1;
    }
    this.pointed = shown;
  }

  // scrolls only the strip, never the page
  reveal(button) {
    const { list } = this;
    const into = (scrolled, start, length, room) => Math.min(Math.max(scrolled, start + length - room), start);
    list.scrollLeft = into(list.scrollLeft, button.offsetLeft, button.offsetWidth, list.clientWidth);
    list.scrollTop = into(list.scrollTop, button.offsetTop, button.offsetHeight, list.clientHeight);
  }

  walk(event) {
    const next = walked(event, [...this.list.children], { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 });
    if (!next) return;
    next.focus({ preventScroll: true });
    this.reveal(next);
  }
}
