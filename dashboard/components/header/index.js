// The header of every page, as far as Streamlit has no parameter for it: its colours, the link to the present page, and
// a history of the browser with one entry for each page and run.

import { mounted } from "../shared/mount.js";
import { keepEntriesFew } from "./history.js";

const LINKS = ".st-key-header-pages a";
const APP = ".stApp";

let fewEntries = false;

class Header {
  update() {
    if (!fewEntries) keepEntriesFew(window.history, window.location);
    fewEntries = true;
    const { backgroundColor } = getComputedStyle(document.querySelector(APP));
    document.documentElement.style.setProperty("--header-background", backgroundColor);
    for (const link of document.querySelectorAll(LINKS)) markCurrent(link);
  }
}

function markCurrent(link) {
  if (new URL(link.href).pathname === window.location.pathname) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

export default mounted(".header-frame", Header);
