// How far a run is: a bar and four figures. Streamlit calls this again when the page draws the run again; between these
// calls, the component fetches the progress itself.

import { mounted } from "../shared/mount.js";
import { followed } from "../shared/run_feed.js";

class RunProgress {
  constructor(root) {
    this.bar = root.querySelector("[role=progressbar]");
    this.done = root.querySelector(".run-progress-done");
    this.text = root.querySelector(".run-progress-text");
    this.figures = root.querySelector("dl");
  }

  update({ data: page }) {
    this.feed = followed(this.feed, page, (status) => this.paint(status.progress));
    this.paint(page.progress);
  }

  paint({ share, text, figures }) {
    this.done.style.width = `${100 * share}%`;
    this.bar.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    this.bar.setAttribute("aria-valuetext", text);
    write(this.text, text);
    while (this.figures.children.length < figures.length) this.figures.append(figure());
    figures.forEach(({ label, value }, place) => {
      const [title, number] = this.figures.children[place].children;
      write(title, label);
      write(number, value);
    });
  }

  leave() {
    this.feed?.end();
  }
}

function figure() {
  const node = document.createElement("div");
  node.append(document.createElement("dt"), document.createElement("dd"));
  return node;
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export default mounted(".run-progress", RunProgress);
