// Marks over the plot, placed by its x axis: events of the run, the shown sample, and the cursor.
// They are separate nodes, so moving one does not change what Plotly drew.

import { make } from "../shared/dom.js";

const CROWDED_PIXELS = 22; // marks closer than that become one
const MOST_SENTENCES = 5;

// The place of the plot in its node, in pixels, and the map from its x axis to pixels; null before the first drawing.
// Plotly has no public function for that: the axis is `layout.xaxis.range`, the plot is the rectangle on which one
// drags.
export function frameOf(chart) {
  const rectangle = chart.querySelector(".nsewdrag");
  const range = chart.layout?.xaxis?.range?.map(Number);
  if (!rectangle || !range) return null;
  const [left, top, width, height] = ["x", "y", "width", "height"].map((name) => rectangle[name].baseVal.value);
  const scale = width / (range[1] - range[0]);
  const pixels = (x) => (x - range[0]) * scale;
  return { left, width, top, height, range, pixels, value: (at) => range[0] + at / scale };
}

// A thin line from top to bottom of the plot at `x`; hidden if `x` is outside.
export function placeLine(node, frame, x) {
  const pixels = frame && x !== null ? frame.pixels(x) : NaN;
  node.hidden = !(pixels >= 0 && pixels <= frame.width);
  if (node.hidden) return;
  node.style.transform = `translateX(${frame.left + pixels}px)`;
  node.style.top = `${frame.top}px`;
  node.style.height = `${frame.height}px`;
}

// Events in order, in groups: marks that would overlap are one group.
function crowds(events, frame, clock) {
  const groups = [];
  for (const event of events) {
    const pixels = frame.pixels(clock.to(event.images_seen));
    if (!(pixels >= 0 && pixels <= frame.width)) continue;
    const last = groups.at(-1);
    if (last && pixels - last.pixels < CROWDED_PIXELS) last.events.push(event);
    else groups.push({ pixels, events: [event] });
  }
  return groups;
}

function sentencesOf(events) {
  const newest = events
    .slice(-MOST_SENTENCES)
    .map((event) => `${event.images_seen.toLocaleString("en-US")} images: ${event.text}`);
  const more = events.length - newest.length;
  return more > 0 ? [`${more} earlier`, ...newest] : newest;
}

export class Marks {
  constructor(strip, tip) {
    this.strip = strip;
    this.tip = tip;
  }

  place(events, frame, clock) {
    const groups = frame ? crowds(events, frame, clock) : [];
    while (this.strip.children.length > groups.length) this.strip.lastChild.remove();
    for (const [index, group] of groups.entries()) this.paint(this.strip.children[index] ?? this.add(), group, frame);
  }

  add() {
    const button = make("button", "curves-mark");
    button.type = "button";
    button.append(make("span"));
    button.onpointerenter = button.onfocus = () => this.tell(button);
    button.onpointerleave = button.onblur = () => this.hush();
    button.onkeydown = (press) => press.key === "Escape" && this.hush();
    this.strip.append(button);
    return button;
  }

  paint(button, group, frame) {
    const sentences = sentencesOf(group.events);
    button.style.left = `${frame.left + group.pixels}px`;
    button.style.top = `${frame.top + frame.height}px`;
    button.classList.toggle("many", group.events.length > 1);
    button.firstChild.textContent = group.events.length > 1 ? String(group.events.length) : "";
    button.setAttribute("aria-label", sentences.join(" "));
    button.sentences = sentences;
    if (this.told === button) this.tell(button);
  }

  tell(button) {
    this.told = button;
    this.tip.replaceChildren(...button.sentences.map((sentence) => make("div", "", sentence)));
    this.tip.hidden = false;
    const room = this.tip.parentElement.clientWidth;
    const left = Math.min(room - this.tip.offsetWidth, Math.max(0, button.offsetLeft - this.tip.offsetWidth / 2));
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${button.offsetTop - this.tip.offsetHeight - 10}px`;
  }

  hush() {
    this.told = null;
    this.tip.hidden = true;
  }
}
