// Keys that press a button of the page.

import { mounted } from "../shared/mount.js";
import { isShortcut } from "./keys.js";

class Shortcuts {
  constructor() {
    this.press = (event) => this.onPress(event);
    document.addEventListener("keydown", this.press);
  }

  update({ data }) {
    this.presses = Object.entries(data.presses); // keys, and selectors of buttons
  }

  leave() {
    document.removeEventListener("keydown", this.press);
  }

  onPress(event) {
    const found = this.presses?.find(([key]) => isShortcut(event, key));
    if (!found) return;
    document.querySelector(found[1])?.click();
    event.preventDefault();
  }
}

export default mounted(".shortcuts", Shortcuts);
