// All runs as a table with 36 pixels a row: sort, filter, search, tick. The rows are fetched from the server; sorting
// and filtering need no server. What is ticked and what is shown is reported to the page.

import { make } from "../shared/dom.js";
import { mounted } from "../shared/mount.js";
import { addressOf } from "../shared/server.js";
import { columnsFor, PICTURE, thumbnailOf } from "./columns.js";
import { showHead, showRows } from "./table.js";
import { countText, FIRST_VIEW, matching, sorted } from "./values.js";

const ROWS_AT_ONCE = 100; // more are added when the table is scrolled
const AGAIN_MILLISECONDS = 2000;
const TYPING_MILLISECONDS = 300;
const HIDDEN_KEY = "gan-studio-hidden-columns";
const NO_TABLE = { rows: [], columns: [], statuses: [], score: { title: "", help: "" }, complete: true };

class RunsTable {
  constructor(root) {
    this.root = root;
    this.table = NO_TABLE;
    this.view = { ...FIRST_VIEW };
    this.ticked = new Set();
    this.hidden = new Set(JSON.parse(localStorage.getItem(HIDDEN_KEY) ?? "[]"));
    this.limit = ROWS_AT_ONCE;
    this.find();
    this.listen();
  }

  find() {
    const part = (name) => this.root.querySelector(`.runs-table-${name}`);
    this.words = part("words");
    this.status = part("status");
    this.kept = part("kept");
    this.list = part("column-list");
    this.count = part("count");
    this.scroller = part("scroller");
    this.preview = part("preview");
    [this.head, this.body] = this.root.querySelectorAll("thead, tbody");
  }

  listen() {
    this.words.oninput = () => this.see({ q: this.words.value }, TYPING_MILLISECONDS);
    this.status.onchange = () => this.see({ status: this.status.value });
    this.kept.onchange = () => this.see({ kept: this.kept.value });
    this.scroller.onscroll = () => this.grow();
    this.head.onclick = (event) => this.clickHead(event);
    this.body.onmouseover = (event) => this.showPreview(event);
    this.body.onmouseleave = () => this.hidePreview();
    this.body.onclick = (event) => this.click(event);
    this.body.onchange = (event) => this.tick([event.target.dataset.run], event.target.checked, event);
  }

  update({ data, setStateValue, setTriggerValue }) {
    Object.assign(this, { shown: data.shown, setStateValue, setTriggerValue });
    this.takeView(data.view);
    this.takeTicks(data.ticked);
    if (data.version === this.version) this.draw();
    else this.fetch();
    this.version = data.version;
  }

  // the address was changed, for example by Back
  takeView(view) {
    const text = JSON.stringify(view);
    if (text === this.viewTaken || text === this.viewSent) return;
    this.viewTaken = text;
    this.view = { ...FIRST_VIEW, ...view };
    this.words.value = this.view.q;
    this.kept.value = this.view.kept;
  }

  takeTicks(ticked) {
    const text = JSON.stringify(ticked);
    if (text === this.ticksTaken) return;
    this.ticksTaken = text;
    this.ticked = new Set(ticked);
  }

  async fetch() {
    clearTimeout(this.timer);
    try {
      const answer = await fetch(addressOf("runs.json"));
      if (answer.ok) this.takeTable(await answer.json());
    } catch {
      this.table = { ...this.table, complete: false }; // the server is busy or gone: ask again
    }
    if (this.left) return;
    if (!this.table.complete) this.timer = setTimeout(() => this.fetchIfSeen(), AGAIN_MILLISECONDS);
  }

  fetchIfSeen() {
    if (document.hidden) this.timer = setTimeout(() => this.fetchIfSeen(), AGAIN_MILLISECONDS);
    else this.fetch();
  }

  takeTable(table) {
    this.table = table;
    const options = [{ name: "", word: "Any status" }, ...table.statuses];
    this.status.replaceChildren(...options.map(({ name, word }) => new Option(word, name)));
    this.status.value = this.view.status;
    this.draw();
  }

  see(change, wait = 0) {
    this.view = { ...this.view, ...change };
    this.limit = ROWS_AT_ONCE;
    this.draw();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tellView(), wait);
  }

  tellView() {
    const view = Object.fromEntries(Object.entries(this.view).filter(([, value]) => value));
    this.viewSent = JSON.stringify(view);
    this.setStateValue("view", view);
  }

  draw() {
    const found = matching(this.table.rows, this.view);
    this.columns = columnsFor(found, this.table);
    const by = this.columns.find((column) => column.key === this.view.sort);
    this.rows = sorted(found, by, Boolean(this.view.down));
    this.visible = this.columns.filter((column) => !this.hidden.has(column.key));
    this.count.textContent = countText(this.rows, this.table.rows);
    const all = this.rows.length > 0 && this.rows.every((row) => this.ticked.has(row.name));
    showHead(this.head, this.visible, this.view, all);
    this.drawRows();
    this.drawColumnList();
  }

  drawRows() {
    const focused = this.root.getRootNode().activeElement?.dataset?.run;
    const rows = this.rows.slice(0, this.limit);
    showRows(this.body, rows, this.visible, this.ticked, this.shown);
    if (focused) this.body.querySelector(`input[data-run="${focused}"]`)?.focus();
  }

  grow() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    if (this.limit >= this.rows.length || scrollTop + 2 * clientHeight < scrollHeight) return;
    this.limit += ROWS_AT_ONCE;
    this.drawRows();
  }

  drawColumnList() {
    const keys = this.columns.map((column) => column.key).join();
    if (keys === this.listed) return;
    this.listed = keys;
    this.list.replaceChildren(...this.columns.map((column) => this.makeChoice(column)));
  }

  makeChoice(column) {
    const label = make("label");
    const box = make("input");
    box.type = "checkbox";
    box.checked = !this.hidden.has(column.key);
    box.onchange = () => this.hide(column.key, !box.checked);
    label.append(box, column.title);
    return label;
  }

  hide(key, hidden) {
    if (hidden) this.hidden.add(key);
    else this.hidden.delete(key);
    localStorage.setItem(HIDDEN_KEY, JSON.stringify([...this.hidden]));
    this.draw();
  }

  sortBy(key) {
    const again = this.view.sort === key;
    if (again && this.view.down) this.see({ sort: "", down: "" });
    else this.see({ sort: key, down: again ? "1" : "" });
    this.head.querySelector(`[data-sort="${key}"]`)?.focus();
  }

  tick(names, checked) {
    for (const name of names) this.ticked[checked ? "add" : "delete"](name);
    const there = this.table.rows.map((row) => row.name).filter((name) => this.ticked.has(name));
    this.ticksTaken = JSON.stringify(there);
    this.setStateValue("ticked", there);
    this.draw();
  }

  clickHead({ target }) {
    const { sort } = target.closest("button")?.dataset ?? {};
    if (sort) this.sortBy(sort);
    const names = this.rows.map((row) => row.name);
    if (target.matches("input")) this.tick(names, target.checked);
  }

  click(event) {
    const link = event.target.closest("a");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    const name = event.target.closest("tr")?.dataset.run;
    if (link && plain) {
      event.preventDefault();
      this.setTriggerValue("opened", name);
    } else if (!link && !event.target.closest("input, label")) this.setTriggerValue("chosen", name);
  }

  showPreview(event) {
    const cell = event.target.closest(`[data-column="${PICTURE}"], [data-column="run"]`);
    const row = this.rows.find(({ name }) => name === cell?.parentElement.dataset.run);
    if (!row || row.sample === null) {
      this.hidePreview();
      return;
    }
    const { bottom, left } = cell.getBoundingClientRect();
    this.preview.src = thumbnailOf(row);
    this.preview.hidden = false;
    const { height } = this.preview.getBoundingClientRect();
    this.preview.style.left = `${left + 48}px`;
    this.preview.style.top = `${bottom + height < window.innerHeight ? bottom : bottom - height - 36}px`;
  }

  hidePreview() {
    this.preview.hidden = true;
  }

  leave() {
    this.left = true;
    clearTimeout(this.timer);
    clearTimeout(this.telling);
  }
}

export default mounted(".runs-table", RunsTable);
