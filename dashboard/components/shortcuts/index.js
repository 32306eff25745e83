// The key ? opens the list of shortcuts.

import { mounted } from "../shared/mount.js";
import { isShortcut } from "./keys.js";

const KEY = "?";

class Shortcuts {
  constructor() {
    this.press = (event) => this.onPress(event);
    document.addEventListener("keydown", this.press);
  }

  update({ data }) {
    this.opens = data.opens;
  }

  leave() {
    document.removeEventListener("keydown", this.press);
  }

  onPress(event) {
    if (!isShortcut(event, KEY)) return;
    document.querySelector(`.st-key-${this.opens} button`)?.click();
    event.preventDefault();
  }
}

export default mounted(".shortcuts", Shortcuts);
