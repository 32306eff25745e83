// How far a run is and how fast, in one line. Streamlit calls this again when the page draws the run again; between these
// calls, the component fetches the figures itself.

import { make } from "../shared/dom.js";
import { mounted } from "../shared/mount.js";
import { followed } from "../shared/run_feed.js";

class RunFigures {
  constructor(list) {
    this.list = list;
  }

  update({ data: page }) {
    this.feed = followed(this.feed, page, (status) => this.paint(status.progress));
    this.paint(page.progress);
  }

  paint({ figures }) {
    while (this.list.children.length < figures.length) this.list.append(figure());
    figures.forEach(({ label, value }, place) => {
      const node = this.list.children[place];
      const [title, number] = node.children;
      node.hidden = !value;
      node.title = label;
      write(title, label);
      write(number, value);
    });
  }

  leave() {
    this.feed?.end();
  }
}

function figure() {
  const node = make("div");
  node.append(make("dt"), make("dd"));
  return node;
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export default mounted(".run-figures", RunFigures);
