// Film and curves of one run in one view, so that the size of everything is known before the first picture. The film is
// a `SamplePlayer`, the curves are `Curves`; here they get their sizes, and the whole window for a presentation.

import { Curves } from "../curves/index.js";
import { SamplePlayer } from "../sample_player/index.js";
import { mounted } from "../shared/mount.js";
import { followed } from "../shared/run_feed.js";
import { filmSide, STACKED } from "./sizes.js";

const PRESENT = "Film, curves and verdict alone (F)";
const LEAVE = "Leave the presentation (Escape)";
const ENLARGE = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/></svg>';
const SHARE_PRESENTED = 0.46; // of the width of the window, for the film
const AROUND_PRESENTED = 150; // pixels above and below the film: verdict, tabs, margins

class RunView {
  constructor(root) {
    this.root = root;
    this.film = new SamplePlayer(root);
    this.curves = new Curves(root.querySelector(".curves-panel"));
    this.verdict = root.querySelector(".run-view-verdict");
    this.present = root.querySelector(".run-view-present");
    this.present.innerHTML = ENLARGE;
    this.present.onclick = () => this.presenting(!this.isPresenting);
    this.onKey = (event) => this.key(event);
    this.onResize = () => this.layout();
    window.addEventListener("resize", this.onResize);
    this.place = root.closest(".stVerticalBlock") ?? root.parentElement; // has a box also where the view has none
    this.sizes = new ResizeObserver(this.onResize);
    this.sizes.observe(this.place);
    this.presenting(false);
  }

  update(call) {
    this.page = call.data;
    this.layout();
    this.feed = followed(this.feed, this.page, (status) => this.heard(status));
    this.film.update(call);
    this.curves.update(call);
  }

  heard({ verdict }) {
    this.verdict.textContent = verdict?.sentence ?? "";
  }

  get isPresenting() {
    return this.root.classList.contains("presenting");
  }

  // a presentation lies above all of the page, whatever it consists of
  presenting(on) {
    this.root.classList.toggle("presenting", on);
    this.present.setAttribute("aria-pressed", String(on));
    this.present.setAttribute("aria-label", on ? LEAVE : PRESENT);
    this.present.title = on ? LEAVE : PRESENT;
    this.curves.large = on;
    if (on) {
      document.addEventListener("keydown", this.onKey, true);
      this.root.popover = "manual";
      this.root.showPopover();
    } else {
      document.removeEventListener("keydown", this.onKey, true);
      this.root.removeAttribute("popover");
    }
    if (this.page) this.layout();
    if (this.page) this.curves.draw();
  }

  key(event) {
    if (event.key !== "Escape" || !this.isPresenting) return;
    event.stopPropagation();
    this.presenting(false);
    this.present.focus();
  }

  layout() {
    if (!this.page) return;
    const { clientWidth: width } = this.place;
    if (!width) return;
    const [film, stacked] = this.isPresenting ? [this.presented(), false] : [this.beside(width), width < STACKED];
    this.root.style.setProperty("--film", `${film}px`);
    this.root.classList.toggle("stacked", stacked);
    this.film.layout(film);
  }

  beside(width) {
    const scrolled = this.root.closest(".stMain")?.scrollTop ?? 0;
    const above = this.root.getBoundingClientRect().top + scrolled;
    return filmSide({ width, height: window.innerHeight, above }, this.page.side, devicePixelRatio);
  }

  presented() {
    return Math.floor(Math.min(SHARE_PRESENTED * window.innerWidth, window.innerHeight - AROUND_PRESENTED));
  }

  leave() {
    document.removeEventListener("keydown", this.onKey, true);
    window.removeEventListener("resize", this.onResize);
    this.sizes.disconnect();
    this.feed?.end();
    this.film.leave();
    this.curves.leave();
  }
}

export default mounted(".run-view", RunView);
