// Keys: those that press a button of the page, and Tab in popovers. A cookie keeps whether the former are off.

import { cookieText } from "../shared/cookie_text.js";
import { mounted } from "../shared/mount.js";
import { isShortcut } from "./keys.js";
import { PopoverFocus } from "./popovers.js";

class Shortcuts {
  constructor() {
    this.press = (event) => this.onPress(event);
    document.addEventListener("keydown", this.press);
    this.popovers = new PopoverFocus();
  }

  update({ data }) {
    this.presses = Object.entries(data.presses); // keys, and selectors of buttons
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
    document.cookie = cookieText(data.cookie); // whether the keys are switched off
  }

  leave() {
    document.removeEventListener("keydown", this.press);
    this.popovers.end();
  }

  onPress(event) {
    const found = this.presses?.find(([key]) => isShortcut(event, key));
    if (!found) return;
    const button = document.querySelector(found[1]);
    button?.focus();
    button?.click();
    event.preventDefault();
  }
}

export default mounted(".shortcuts", Shortcuts);
