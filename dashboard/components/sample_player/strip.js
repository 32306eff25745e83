// The strip below the film: a dozen moments of the run, one latent through training, or how many pictures there are of
// each digit.

import { make, makeButton } from "../shared/dom.js";
import { chartColours } from "../shared/theme.js";
import { barHeights, barOf } from "./bars.js";
import { walked } from "./view.js";

const MOMENT_CELLS = 2; // a moment shows so many rows and columns of its grid

export class Strip {
  constructor(player, root) {
    this.player = player;
    this.root = root;
    this.seed = null;
    this.bars = false;
    this.items = new Map(); // mark -> its button
    this.build();
  }

  build() {
    this.title = this.root.querySelector("strong");
    this.button = this.root.querySelector(".sample-player-strip-head button");
    this.button.onclick = () => this.pressed();
    this.list = this.root.querySelector(".sample-player-strip");
    this.list.onkeydown = (event) => this.walk(event);
    this.digits = make("ul", "digit-bars");
  }

  pressed() {
    if (this.seed !== null) return this.open(null);
    this.bars = !this.bars;
    return this.update();
  }

  open(seed) {
    const before = this.seed;
    this.seed = seed;
    this.bars = false;
    this.forget();
    this.player.refresh();
    const { face } = this.player;
    if (seed === null && before !== null) face.focusCell(face.cells.children[before]);
    if (seed !== null) this.button.focus({ preventScroll: true });
    this.player.announce();
  }

  forget() {
    this.items.clear();
    this.list.replaceChildren();
    this.listed = "";
    this.pointed = null;
  }

  get marks() {
    const { life, moments } = this.player.samples;
    return this.seed === null ? moments : life;
  }

  // buttons whose picture is not painted yet
  get lacking() {
    return this.marks.filter((mark) => !this.items.get(mark)?.painted);
  }

  update() {
    this.updateHead();
    if (this.bars) return this.updateBars();
    const { marks } = this;
    if (marks.join() !== this.listed) this.relist(marks);
    for (const mark of this.lacking) this.paint(mark);
    return this.point();
  }

  updateHead() {
    const { digits } = this.player.page;
    if (!digits) this.bars = false;
    const open = this.seed !== null;
    this.title.textContent = open ? `Seed ${this.seed} through training` : this.bars ? digits.title : "Moments";
    this.button.textContent = open ? "Close" : this.bars ? "Moments" : "Digits";
    this.button.hidden = !open && !digits;
  }

  updateBars() {
    const { counts, title } = this.player.page.digits;
    const shape = JSON.stringify(counts);
    if (this.listed === shape) return;
    this.forget();
    this.listed = shape;
    const heights = barHeights(counts);
    this.digits.style.setProperty("--colour", chartColours(this.list)[1]);
    this.digits.setAttribute("aria-label", title);
    this.digits.replaceChildren(...counts.map((count, digit) => barOf(digit, count, heights[digit])));
    this.list.replaceChildren(this.digits);
  }

  relist(marks) {
    const focused = document.activeElement;
    this.listed = marks.join();
    this.list.replaceChildren(...marks.map((mark) => this.item(mark)));
    if (this.list.contains(focused)) focused.focus({ preventScroll: true });
    for (const mark of this.items.keys()) if (!marks.includes(mark)) this.items.delete(mark);
  }

  item(mark) {
    const kept = this.items.get(mark);
    if (kept) return kept;
    const button = makeButton("sample-player-strip-item");
    button.tabIndex = -1;
    const { player } = this;
    const text = player.said(player.indexAt(mark));
    const of = this.seed === null ? "" : `Seed ${this.seed}, `;
    button.setAttribute("aria-label", of ? `${of}${text.toLowerCase()}` : text);
    button.title = text;
    button.append(make("canvas"), make("span", "", player.shortly(player.indexAt(mark))));
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
    const part = this.partOf(side);
    const cell = await createImageBitmap(frame.blob, ...part).catch(() => null);
    if (!cell) return;
    const canvas = button.querySelector("canvas");
    [canvas.width, canvas.height] = part.slice(2);
    canvas.getContext("2d").drawImage(cell, 0, 0);
  }

  // x, y, width and height in the grid: of a seed its cell, of a moment the upper left corner
  partOf(side) {
    if (this.seed === null) return [0, 0, MOMENT_CELLS * side, MOMENT_CELLS * side];
    const { columns } = this.player.page;
    return [(this.seed % columns) * side, Math.floor(this.seed / columns) * side, side, side];
  }

  // mark the picture that the player shows
  point() {
    const { shown: index, samples } = this.player;
    const { marks } = this;
    const shown = marks.filter((mark) => mark <= samples.images[index]).at(-1);
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
  }

  walk(event) {
    const next = walked(event, [...this.list.children], { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 });
    if (!next) return;
    next.focus({ preventScroll: true });
    this.reveal(next);
  }
}
