// The form of a new run. Its draft is kept in a cookie of this browser, from which the server reads it when a page
// connects. Its upper part stays in view and hides what scrolls below it, so it needs the colour of the sidebar, which
// style sheets cannot ask for. On a narrow window the sidebar covers the page: a start folds it there even for a
// visitor who has opened it by its own button, which Streamlit would keep open.

import { cookieText } from "../shared/cookie_text.js";
import { mounted } from "../shared/mount.js";

const NARROW = "(max-width: 767px)"; // where Streamlit's sidebar lies over the page

class TrainForm {
  update({ data: { cookie, folds } }) {
    requestAnimationFrame(paintGround); // after a change of theme, the sidebar has its colour a moment later
    if (folds > this.folds && matchMedia(NARROW).matches) foldSidebar();
    this.folds = folds;
    if (this.written === cookie.value) return;
    this.written = cookie.value;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
    document.cookie = cookieText(cookie);
  }
}

function paintGround() {
  const sidebar = document.querySelector("[data-testid=stSidebar]");
  sidebar?.style.setProperty("--train-form-ground", getComputedStyle(sidebar).backgroundColor);
}

function foldSidebar() {
  document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click(); // there while it is open
}

export default mounted(".train-form", TrainForm);
