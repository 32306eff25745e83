// The form of a new run. Its draft is kept in a cookie of this browser, from which the server reads it when a page
// connects. Its upper part stays in view and hides what scrolls below it, so it needs the colour of the sidebar, which
// style sheets cannot ask for.

import { cookieText } from "../shared/cookie_text.js";
import { mounted } from "../shared/mount.js";
import { SidebarFold } from "./sidebar_fold.js";

class TrainForm {
  constructor() {
    this.fold = new SidebarFold(document.documentElement);
  }

  update({ data: { cookie, start } }) {
    requestAnimationFrame(paintGround); // after a change of theme, the sidebar has its colour a moment later
    this.fold.answer(start);
    if (this.written === cookie.value) return;
    this.written = cookie.value;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
    document.cookie = cookieText(cookie);
  }

  leave() {
    this.fold.end();
  }
}

function paintGround() {
  const sidebar = document.querySelector("[data-testid=stSidebar]");
  sidebar?.style.setProperty("--train-form-ground", getComputedStyle(sidebar).backgroundColor);
}

export default mounted(".train-form", TrainForm);
