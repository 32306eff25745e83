// Tells the server which sample the player shows, once it has stopped moving; the Save popover needs it. It draws
// nothing. The player itself sends nothing to the server, so moving it does not run the page again.

import { mounted } from "../shared/mount.js";

const REST_MILLISECONDS = 400;

class ShownSample {
  constructor(root) {
    this.root = root;
    this.said = "";
    this.onSample = (event) => this.shown(event.detail);
    window.addEventListener("gan-studio:sample", this.onSample);
  }

  update({ setStateValue }) {
    this.setStateValue = setStateValue;
  }

  shown({ run, images_seen, newest, seed = null }) {
    clearTimeout(this.timer);
    const shown = { run, images_seen: newest ? null : images_seen, seed };
    this.timer = setTimeout(() => this.tell(shown), REST_MILLISECONDS);
  }

  tell(shown) {
    const text = JSON.stringify(shown);
    if (text !== this.said) this.setStateValue("shown", shown);
    this.said = text;
  }

  leave() {
    clearTimeout(this.timer);
    window.removeEventListener("gan-studio:sample", this.onSample);
  }
}

export default mounted("span", ShownSample);
