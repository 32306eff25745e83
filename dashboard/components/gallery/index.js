// Pictures in rows, each with a caption and possibly a badge. With `picks` every picture is a button: the tab key stops
// once at all of them, and the arrow keys lead from one to the next.

import { make, makeButton } from "../shared/dom.js";
import { mounted } from "../shared/mount.js";
import { paintImage, pictures } from "../shared/pictures.js";
import { neighbour, tracks } from "./neighbour.js";

const MANY = 24; // more pictures than that would fill the screen of a phone, which gets two rows that scroll

class Gallery {
  constructor(root) {
    this.root = root;
    this.stop = 0; // the cell at which the tab key stops
  }

  update({ data, setTriggerValue }) {
    this.data = data;
    this.pick = (value) => setTriggerValue("picked", value);
    this.build();
    this.paintRoot();
    this.paintPictures();
    for (const [index, cell] of data.cells.entries()) this.paintCell(this.root.children[index], cell);
    this.root.onkeydown = data.picks ? (event) => this.walk(event) : null;
    if (data.picks) this.stopAt(this.stop);
    if (data.rows) this.scrollToChosen();
  }

  build() {
    const { cells, picks } = this.data;
    const shape = `${cells.length} ${picks}`;
    if (shape === this.shape) return;
    this.shape = shape;
    this.root.replaceChildren(...cells.map((_, index) => this.makeCell(index)));
    this.pixels = undefined;
    this.stop = Math.max(
      0,
      cells.findIndex((cell) => cell.chosen),
    );
  }

  makeCell(index) {
    const cell = this.data.picks ? makeButton("gallery-cell") : make("figure", "gallery-cell");
    cell.append(make("img"), make("span", "gallery-caption"), make("span", "gallery-badge"));
    if (this.data.picks) cell.onclick = () => this.choose(index);
    return cell;
  }

  choose(index) {
    this.stopAt(index);
    this.pick(this.data.cells[index].value);
  }

  paintRoot() {
    const { cells, strip, cell, title, rows } = this.data;
    this.root.classList.toggle("strip", strip);
    this.root.classList.toggle("scrolls", rows > 0);
    this.root.classList.toggle("many", cells.length > MANY && !rows);
    this.root.style.setProperty("--rows", String(rows));
    this.root.style.setProperty("--cell", `${cell}px`);
    this.root.style.setProperty("--across", String(cells.length));
    this.root.setAttribute("aria-label", title);
  }

  paintPictures() {
    const { block } = this.data;
    if (block.pixels === this.pixels) return;
    this.pixels = block.pixels;
    for (const [index, picture] of pictures(block).entries()) {
      paintImage(this.root.children[index].firstElementChild, picture);
    }
  }

  paintCell(node, cell) {
    const [image, caption, badge] = node.children;
    const chosen = Boolean(cell.chosen);
    image.alt = cell.description;
    caption.textContent = cell.caption;
    badge.textContent = cell.badge;
    node.classList.toggle("chosen", chosen);
    if (this.data.picks) node.setAttribute("aria-pressed", String(chosen));
  }

  /** Once for each chosen cell, so that whoever scrolls is left alone. */
  scrollToChosen() {
    const index = this.data.cells.findIndex((cell) => cell.chosen);
    if (index === this.scrolledTo || index < 0) return;
    this.scrolledTo = index;
    const cell = this.root.children[index];
    this.root.scrollLeft = cell.offsetLeft + cell.offsetWidth - this.root.clientWidth;
  }

  stopAt(stop) {
    this.stop = stop;
    for (const [index, cell] of [...this.root.children].entries()) cell.tabIndex = index === stop ? 0 : -1;
  }

  walk(event) {
    const next = neighbour(event.key, this.stop, this.root.children.length, tracks(getComputedStyle(this.root)));
    if (next === null) return;
    event.preventDefault();
    this.stopAt(next);
    this.root.children[next].focus();
  }
}

export default mounted(".gallery", Gallery);
