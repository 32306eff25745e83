// Two networks as rows of blocks: as tall as the picture that passes, as wide as its channels. The same as a table.

const TALLEST_REM = 6.5;
const LARGEST_PIXELS_SHOWN = 32; // a picture of this size or more fills the height

function made(tag, className, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

function solid(shape) {
  const [features, pixels] = shape;
  const flat = shape.length === 1;
  const share = flat ? Math.log2(features + 1) / 11 : pixels / LARGEST_PIXELS_SHOWN;
  const box = made("div", "solid");
  box.setAttribute("aria-hidden", "true");
  const block = box.appendChild(made("i", ""));
  block.style.setProperty("--tall", `${Math.max(0.5, TALLEST_REM * Math.min(1, share))}rem`);
  block.style.setProperty("--wide", flat ? "0.5rem" : `${0.5 + 0.5 * Math.log2(features + 1)}rem`);
  return box;
}

function blockOf(block) {
  const item = made("li", block.words ? "" : "end");
  item.append(solid(block.shape), made("span", "shape", block.shape_text), made("span", "words", block.words));
  item.append(made("span", "count", block.count));
  return item;
}

function networkOf(network, colour) {
  const section = made("section", "network");
  section.style.setProperty("--colour", colour);
  const title = section.appendChild(made("h4", "", `${network.title} `));
  title.append(made("span", "", network.parameters));
  const list = made("ol", "blocks");
  list.append(...network.blocks.map(blockOf));
  section.append(list);
  return section;
}

function tableOf(network) {
  const table = made("table", "");
  table.append(made("caption", "", network.title));
  const head = table.createTHead().insertRow();
  for (const [index, word] of ["Layer", "In", "Out", "Parameters"].entries()) {
    const cell = made("th", index === 3 ? "number" : "", word);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of network.rows) {
    const line = body.insertRow();
    line.append(...row.map((word, index) => made("td", index === 3 ? "number" : "", word)));
  }
  return table;
}

function factsOf(facts) {
  return facts.map((fact) => {
    const pair = made("div", "");
    pair.append(made("dt", "", fact.label), made("dd", "", fact.value), made("dd", "note", fact.note));
    return pair;
  });
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".network-diagram");
  root.querySelector(".facts").replaceChildren(...factsOf(data.facts));
  const drawn = JSON.stringify(data.networks);
  if (root.drawn === drawn) return; // the speed alone has become known
  root.drawn = drawn;
  const colours = getComputedStyle(root).getPropertyValue("--st-chart-categorical-colors");
  const [ofD, ofG] = colours.split(/,(?![^(]*\))/).map((colour) => colour.trim());
  const networks = data.networks.map((network) => networkOf(network, network.player === "g" ? ofG : ofD));
  root.querySelector(".networks").replaceChildren(...networks);
  root.querySelector(".scroll").replaceChildren(...data.networks.map(tableOf));
}
