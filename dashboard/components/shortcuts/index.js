// Keys that press a button of the page. A cookie keeps whether they are switched off.

import { cookieText } from "../shared/cookie_text.js";
import { mounted } from "../shared/mount.js";
import { isShortcut } from "./keys.js";

class Shortcuts {
  constructor() {
    this.press = (event) => this.onPress(event);
    document.addEventListener("keydown", this.press);
  }

  update({ data }) {
    this.presses = Object.entries(data.presses); // keys, and selectors of buttons
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
    document.cookie = cookieText(data.cookie); // whether the keys are switched off
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
