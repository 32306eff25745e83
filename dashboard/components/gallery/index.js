// Pictures in rows, each with a caption and perhaps a badge. Where `picks` is set every picture is a button: the tab key
// stops once at all of them, the arrow keys lead from one to the next.

import { made, pictures, print } from "../shared/pixels.js";

const MANY = 24; // on a phone more than that would fill the screen and hide what comes below

function madeCell(picks) {
  const cell = made(picks ? "button" : "figure", "gallery-cell");
  cell.append(made("img", ""), made("span", "gallery-caption"), made("span", "gallery-badge"));
  if (picks) cell.type = "button";
  return cell;
}

// The tab key stops at this cell, and at no other.
function stopAt(gallery, at) {
  gallery.at = at;
  [...gallery.children].forEach((cell, index) => {
    cell.tabIndex = index === at ? 0 : -1;
  });
}

function walk(event, gallery) {
  const cells = [...gallery.children];
  const { at } = gallery;
  const { gridAutoFlow, gridTemplateColumns, gridTemplateRows } = getComputedStyle(gallery);
  const [right, down] =
    gridAutoFlow === "column" ? [gridTemplateRows.split(" ").length, 1] : [1, gridTemplateColumns.split(" ").length];
  const step = { ArrowLeft: -right, ArrowRight: right, ArrowUp: -down, ArrowDown: down }[event.key];
  const next = step && cells[at + step];
  if (!next) return;
  event.preventDefault();
  stopAt(gallery, at + step);
  next.focus();
}

export default function ({ data, parentElement, setTriggerValue }) {
  const gallery = parentElement.querySelector(".gallery");
  const shape = `${data.cells.length} ${data.picks}`;
  if (gallery.dataset.shape !== shape) {
    gallery.dataset.shape = shape;
    gallery.replaceChildren(...data.cells.map(() => madeCell(data.picks)));
    gallery.pixels = undefined;
    gallery.at = Math.max(
      0,
      data.cells.findIndex((cell) => cell.chosen),
    );
  }
  gallery.classList.toggle("strip", data.strip);
  gallery.classList.toggle("many", data.cells.length > MANY);
  gallery.style.setProperty("--cell", `${data.cell}px`);
  gallery.style.setProperty("--across", String(data.cells.length));
  gallery.setAttribute("aria-label", data.title);
  const shown = gallery.pixels === data.block.pixels ? null : pictures(data.block);
  gallery.pixels = data.block.pixels;
  data.cells.forEach((cell, index) => {
    const node = gallery.children[index];
    const [image, caption, badge] = node.children;
    if (shown) print(image, shown[index]);
    image.alt = cell.description;
    caption.textContent = cell.caption;
    badge.textContent = cell.badge;
    node.classList.toggle("chosen", Boolean(cell.chosen));
    if (data.picks) {
      node.setAttribute("aria-pressed", String(Boolean(cell.chosen)));
      node.onclick = () => {
        stopAt(gallery, index);
        setTriggerValue("picked", cell.value);
      };
    }
  });
  if (data.picks) stopAt(gallery, gallery.at);
  gallery.onkeydown = data.picks ? (event) => walk(event, gallery) : null;
}
