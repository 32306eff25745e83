// Every slider that changes the picture. A moving slider asks the server for pictures directly. Once the sliders rest,
// their values are sent to the page, which checks them and shows them or says why it refuses them.

import { mounted } from "../shared/mount.js";
import { LivePicture } from "./live_picture.js";
import { Moves } from "./moves.js";
import { hiddenMoves } from "./pages.js";
import { Ranges } from "./ranges.js";
import { Shelf } from "./shelf.js";
import { stage } from "./stage.js";
import { Tabs } from "./tabs.js";

const REST_MILLISECONDS = 250; // a slider that was not moved for so long is at rest, also one that is moved by keys
const PATIENCE_MILLISECONDS = 3000; // a value that the page does not show after so long was refused

class LatentEditor {
  constructor(root) {
    const act = (kind, value = null) => {
      this.moves.giveUp();
      this.setTriggerValue("act", { kind, value });
    };
    const makeRange = (slider, label) => this.ranges.make(slider, label);
    this.root = root;
    this.stage = stage;
    this.moves = new Moves();
    this.live = new LivePicture(
      () => this.wanted(),
      (picture) => this.showPicture(picture),
    );
    this.ranges = new Ranges(
      (key, value) => this.moved(key, value),
      () => this.released(),
    );
    this.shelf = new Shelf(root.querySelector(".shelf"), act, makeRange);
    this.tabs = new Tabs(root, makeRange, () => this.showSliders());
    for (const button of root.querySelectorAll("[data-act]")) button.onclick = () => act(button.dataset.act);
    stage.direct(act);
  }

  update({ data, setTriggerValue }) {
    Object.assign(this, { data, setTriggerValue });
    this.moves.settle(data.values);
    this.live.outdate();
    this.stage.showControls(data);
    this.root.querySelector("[data-act=keep]").textContent = data.keep_as ? `Keep as ${data.keep_as}` : "Keep";
    this.show();
  }

  show() {
    this.showSliders();
    if (this.moves.none) this.showPicture(this.data);
    else this.live.ask();
  }

  showPicture(picture) {
    const { address, file_name } = this.data;
    const moves = new URLSearchParams({ moves: JSON.stringify(this.moves.values) });
    this.stage.show({ ...picture, file_name, query: `${address}&${moves}` });
  }

  leave() {
    clearTimeout(this.timer);
    clearTimeout(this.patience);
    this.stage.clear();
  }

  /** Sliders are made anew only if there are others than before, so that focus and drag survive every answer. */
  showSliders() {
    const { shelf, groups, truncation, threshold, values } = this.data;
    const shape = JSON.stringify([shelf.map((item) => item.key), groups, this.tabs.opened(groups)]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.ranges.clear();
      this.shelf.build(this.data);
      this.tabs.build(this.data);
      this.ranges.bind(this.root.querySelector(".truncation input"), truncation);
      this.ranges.bind(this.root.querySelector(".threshold input"), threshold);
    }
    this.shelf.show(this.data);
    const rests = { [truncation.key]: truncation.rest, [threshold.key]: threshold.rest };
    this.tabs.showHidden(hiddenMoves(groups, values, rests));
    this.ranges.set(values, this.moves);
  }

  wanted() {
    return this.moves.none ? null : { address: this.data.address, values: this.moves.values };
  }

  moved(key, value) {
    clearTimeout(this.timer);
    this.moves.set(key, value);
    this.live.ask();
  }

  released() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), REST_MILLISECONDS);
  }

  send() {
    this.setTriggerValue("move", this.moves.send());
    clearTimeout(this.patience);
    this.patience = setTimeout(() => {
      this.moves.giveUp();
      this.show();
    }, PATIENCE_MILLISECONDS);
  }
}

export default mounted(".latent-editor", LatentEditor);
