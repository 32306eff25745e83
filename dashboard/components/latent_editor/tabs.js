// The sliders of directions: a few at first, all of them behind one click, in tabs of as many pages as they need.

import { make, makeButton } from "../shared/dom.js";
import { mainGroup, pageOf } from "./pages.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

export class Tabs {
  /**
   * @param {(slider: object, label: string) => HTMLElement} makeRange
   * @param {() => void} changed other sliders are to be shown
   */
  constructor(root, makeRange, changed) {
    Object.assign(this, { root, makeRange, changed, tab: 0, page: 0, all: false });
    this.pager = root.querySelector(".pager");
    this.more = root.querySelector(".more");
    const [earlier, , later] = this.pager.children;
    earlier.onclick = () => this.open(this.tab, this.page - 1);
    later.onclick = () => this.open(this.tab, this.page + 1);
    this.more.onclick = () => {
      this.all = !this.all;
      this.changed();
    };
  }

  /** Which sliders are shown, of these groups. */
  opened(groups) {
    this.tab = Math.min(this.tab, groups.length - 1);
    this.page = pageOf(groups[this.tab].names, this.page).page;
    return [this.all, this.tab, this.page];
  }

  build({ groups, bend }) {
    this.number = groups.length;
    this.root.classList.toggle("all", this.all);
    this.more.setAttribute("aria-expanded", String(this.all));
    const tabs = groups.map((group, index) => this.makeTab(group.title, index));
    this.root.querySelector(".tabs").replaceChildren(...tabs);
    this.buildSliders(this.all ? groups[this.tab] : mainGroup(groups), bend);
  }

  makeTab(title, index) {
    const tab = makeButton("tab", title);
    const chosen = index === this.tab;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    tab.onclick = () => this.open(index);
    tab.onkeydown = (event) => this.walk(event, index);
    return tab;
  }

  walk(event, index) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    this.open((index + step + this.number) % this.number);
    this.root.querySelector('.tab[aria-selected="true"]').focus();
  }

  open(tab, page = 0) {
    Object.assign(this, { tab, page });
    this.changed();
  }

  buildSliders(group, bend) {
    const { page, pages, names, text } = pageOf(group.names, this.all ? this.page : 0);
    const sliders = names.map((name) => this.makeSlider(group, name, bend));
    const [earlier, label, later] = this.pager.children;
    this.root.querySelector(".sliders").replaceChildren(...sliders);
    this.root.querySelector(".experts > .note").textContent = group.note;
    this.pager.hidden = pages === 1;
    label.textContent = text;
    earlier.disabled = page === 0;
    later.disabled = page === pages - 1;
  }

  makeSlider({ kind, word }, name, bend) {
    const title = `${word} ${name}`.trim();
    const key = `${kind}:${name}`;
    const node = make("div", "slider");
    const label = make("label", "", title);
    const range = this.makeRange({ ...bend, key }, title);
    range.id = `slider-${key}`;
    label.htmlFor = range.id;
    label.title = title;
    node.append(label, make("output", "value small"), range);
    return node;
  }

  /** Say on the button how many sliders that are not at rest it would bring. */
  showHidden(count) {
    const text = this.all ? "Fewer sliders" : `All sliders${count ? ` (${count} moved)` : ""}`;
    if (this.more.textContent !== text) this.more.textContent = text;
  }
}
