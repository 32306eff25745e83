// The shelf: latents with letters, each with a picture, a name, a weight and two buttons.

import { make, makeButton } from "../shared/dom.js";
import { paintImage, pictures } from "../shared/pictures.js";

const ICONS = {
  pin: "M9 3h6l-1 6 4 4H6l4-4-1-6M12 13v8",
  drop: "M6 6l12 12M18 6L6 18",
};

export class Shelf {
  /** @param {(slider: object, label: string) => HTMLElement} makeRange for the weights */
  constructor(root, act, makeRange) {
    Object.assign(this, { root, act, makeRange });
  }

  /** New rows, for other items than before. */
  build({ shelf, weight, longest_name: longest }) {
    const empty = make("p", "quiet small", "The shelf is empty: click a seed to put it here.");
    const rows = shelf.map((item) => this.makeRow(item, weight, longest));
    this.root.replaceChildren(...(rows.length ? rows : [empty]));
  }

  makeRow({ key, letter }, weight, longest) {
    const row = make("div", "shelf-item");
    const picture = makeButton("shelf-item-picture");
    picture.append(make("img"));
    const middle = make("div");
    middle.append(makeHead(letter, longest), this.makeRange({ ...weight, key }, `Weight of ${letter}`));
    const acts = make("div", "shelf-item-acts");
    acts.append(iconButton("pin", `Pin ${letter}`), iconButton("drop", `Take ${letter} off the shelf`));
    row.append(picture, middle, acts);
    return row;
  }

  show({ shelf, shelf_block: block }) {
    const shown = shelf.length ? pictures(block) : [];
    for (const [index, item] of shelf.entries()) this.paintRow(this.root.children[index], item, shown[index]);
  }

  paintRow(row, item, shown) {
    const [picture, middle, acts] = row.children;
    paintImage(picture.firstChild, shown);
    picture.firstChild.alt = "";
    picture.title = `Show ${item.letter} alone`;
    picture.setAttribute("aria-label", picture.title);
    picture.onclick = () => this.act("only", item.letter);
    this.paintName(middle.querySelector(".shelf-item-name"), item);
    const [pin, drop] = acts.children;
    const word = item.pinned ? "Unpin" : "Pin";
    pin.classList.toggle("pressed", item.pinned);
    pin.title = item.pinned ? `Unpin ${item.letter}` : `Pin ${item.letter}: a full shelf keeps it`;
    pin.setAttribute("aria-label", `${word} ${item.letter}`);
    pin.onclick = () => this.act("pin", item.letter);
    drop.onclick = () => this.act("drop", item.letter);
  }

  paintName(field, item) {
    field.placeholder = item.source;
    field.setAttribute("aria-label", `Name of ${item.letter}`);
    if (field !== this.root.getRootNode().activeElement) field.value = item.name;
    field.onchange = () => this.act("rename", [item.letter, field.value]);
  }
}

function makeHead(letter, longest) {
  const head = make("div", "shelf-item-head");
  const name = make("input", "shelf-item-name");
  name.type = "text";
  name.maxLength = longest;
  head.append(make("span", "shelf-item-letter", letter), name, make("output", "value small"));
  return head;
}

function iconButton(name, label) {
  const button = makeButton("icon");
  button.title = label;
  button.setAttribute("aria-label", label);
  button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
  return button;
}
