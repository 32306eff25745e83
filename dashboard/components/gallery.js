// Pictures in rows, each with a caption and perhaps a badge. Where `picks` is set every picture is a button; the arrow
// keys lead from one to the next.

function madeCell(picks) {
  const cell = made(picks ? "button" : "figure", "gallery-cell");
  cell.append(made("img", ""), made("span", "gallery-caption"), made("span", "gallery-badge"));
  if (picks) cell.type = "button";
  return cell;
}

function walk(event, gallery) {
  const cells = [...gallery.children];
  const at = cells.indexOf(event.target.closest(".gallery-cell"));
  const across = Math.max(1, getComputedStyle(gallery).gridTemplateColumns.split(" ").length);
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
  const next = step && cells[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export default function ({ data, parentElement, setTriggerValue }) {
  const gallery = parentElement.querySelector(".gallery");
  const shape = `${data.cells.length} ${data.picks}`;
  if (gallery.dataset.shape !== shape) {
    gallery.dataset.shape = shape;
    gallery.replaceChildren(...data.cells.map(() => madeCell(data.picks)));
    gallery.pixels = undefined;
  }
  gallery.classList.toggle("strip", data.strip);
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
      node.onclick = () => setTriggerValue("picked", cell.value);
    }
  });
  gallery.onkeydown = data.picks ? (event) => walk(event, gallery) : null;
}
