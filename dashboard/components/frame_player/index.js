// Plays frames that the browser has: a slider leads through them, a button plays them. It asks the server for nothing.

import { fillTrack } from "../shared/dom.js";
import { mounted } from "../shared/mount.js";
import { paint, pictures } from "../shared/pictures.js";
import { frameAfter } from "./order.js";

class FramePlayer {
  constructor(root) {
    this.canvas = root.querySelector("canvas");
    this.scrubber = root.querySelector("input");
    this.button = root.querySelector("button");
    this.caption = root.querySelector(".frame-player-caption");
    this.data = { name: null, captions: [] };
    this.canvas.setAttribute("role", "img");
    this.scrubber.oninput = () => {
      this.stop();
      this.show(Number(this.scrubber.value));
    };
    this.button.onclick = () => (this.timer ? this.stop() : this.play());
  }

  update({ data }) {
    const others = data.name !== this.data.name || data.captions.length !== this.data.captions.length;
    if (data.frames_per_second !== this.data.frames_per_second) this.stop();
    this.data = data;
    this.frames = pictures(data.block);
    this.scrubber.max = String(this.last);
    this.scrubber.setAttribute("aria-label", data.title);
    this.show(others ? Math.min(data.start, this.last) : this.index);
  }

  leave() {
    this.stop();
  }

  get last() {
    return this.frames.length - 1;
  }

  show(index) {
    const caption = this.data.captions[index];
    this.index = index;
    paint(this.canvas, this.frames[index]);
    this.canvas.setAttribute("aria-label", `${this.data.title}, ${caption}`);
    this.scrubber.value = String(index);
    fillTrack(this.scrubber, 0);
    this.scrubber.setAttribute("aria-valuetext", caption);
    this.caption.textContent = caption;
  }

  play() {
    if (this.index === this.last) this.show(0);
    this.button.textContent = "Pause";
    this.timer = setInterval(() => this.advance(), 1000 / this.data.frames_per_second);
  }

  advance() {
    const next = frameAfter(this.index, this.last, this.data.round);
    if (next === null) this.stop();
    else this.show(next);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.button.textContent = "Play";
  }
}

export default mounted(".frame-player", FramePlayer);
