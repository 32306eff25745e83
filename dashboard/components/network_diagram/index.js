// Two networks as rows of blocks, each as tall as the picture that passes and as wide as its channels; also as a table.

import { make } from "../shared/dom.js";
import { mounted } from "../shared/mount.js";
import { chartColours } from "../shared/theme.js";
import { blockSize } from "./block_size.js";

const HEADINGS = ["Layer", "In", "Out", "Parameters"];
const NUMBER_COLUMN = 3;

class NetworkDiagram {
  constructor(root) {
    this.root = root;
    this.drawn = "";
  }

  update({ data }) {
    this.part("facts").replaceChildren(...data.facts.map(factOf));
    const colours = this.colours();
    const drawn = JSON.stringify([data.networks, colours]);
    if (drawn === this.drawn) return; // only a fact has changed, such as the measured speed
    this.drawn = drawn;
    this.part("networks").replaceChildren(
      ...data.networks.map((network) => networkOf(network, colours[network.player])),
    );
    this.part("scroll").replaceChildren(...data.networks.map(tableOf));
  }

  part(name) {
    return this.root.querySelector(`.${name}`);
  }

  colours() {
    const [d, g] = chartColours(this.root);
    return { d, g };
  }
}

function factOf({ label, value, note }) {
  const pair = make("div");
  pair.append(make("dt", "", label), make("dd", "", value), make("dd", "note", note));
  return pair;
}

function networkOf(network, colour) {
  const section = make("section", "network");
  section.style.setProperty("--colour", colour);
  const title = section.appendChild(make("h4", "", `${network.title} `));
  title.append(make("span", "", network.parameters));
  const list = section.appendChild(make("ol", "blocks"));
  list.append(...network.blocks.map(blockOf));
  return section;
}

function blockOf(block) {
  const item = make("li", block.words ? "" : "end");
  item.append(solidOf(block.shape), make("span", "shape", block.shape_text));
  item.append(make("span", "words", block.words), make("span", "count", block.count));
  return item;
}

function solidOf(shape) {
  const box = make("div", "solid");
  box.setAttribute("aria-hidden", "true");
  const solid = box.appendChild(make("i"));
  const { tall, wide } = blockSize(shape);
  solid.style.setProperty("--tall", `${tall}rem`);
  solid.style.setProperty("--wide", `${wide}rem`);
  return box;
}

function tableOf(network) {
  const table = make("table");
  table.append(make("caption", "", network.title));
  table
    .createTHead()
    .insertRow()
    .append(...cellsOf("th", HEADINGS));
  for (const cell of table.querySelectorAll("th")) cell.scope = "col";
  const body = table.createTBody();
  for (const row of network.rows) body.insertRow().append(...cellsOf("td", row));
  return table;
}

function cellsOf(tag, words) {
  return words.map((word, column) => make(tag, column === NUMBER_COLUMN ? "number" : "", word));
}

export default mounted(".network-diagram", NetworkDiagram);
