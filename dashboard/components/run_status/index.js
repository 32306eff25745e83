// The status of a run as a word, a sentence, and the verdict of the server on how it goes. "why?" opens what was seen, a
// button that shows the curve, and what to do. Streamlit calls this again when the page draws the run again; between
// these calls, the component fetches status, progress and verdict itself.

import { mounted } from "../shared/mount.js";
import { Opening } from "../shared/opening.js";
import { followed } from "../shared/run_feed.js";

class RunStatus {
  constructor(root) {
    this.root = root;
    const find = (name) => root.querySelector(`.run-status-${name}`);
    [this.bar, this.done, this.word, this.sentence] = ["bar", "done", "word", "sentence"].map(find);
    [this.why, this.panel] = ["why", "panel"].map(find);
    [this.seen, this.advice, this.curve] = this.panel.children;
    this.opening = new Opening(this.why, this.panel);
    this.onServer = (event) => root.classList.toggle("away", event.detail.away);
    window.addEventListener("gan-studio:server", this.onServer);
  }

  update({ data: page, setTriggerValue }) {
    if (this.page?.run !== page.run || this.page.created !== page.created) this.verdict = null;
    this.page = page;
    this.standing = page.standing;
    this.report = setTriggerValue;
    this.root.classList.toggle("active", page.active);
    this.feed = followed(this.feed, page, (status) => this.heard(status));
    this.paintProgress(page.progress);
    this.paintVerdict();
  }

  // a status that has changed is shown before the page has drawn its buttons again
  heard({ progress, standing, verdict = null }) {
    this.paintProgress(progress);
    const [before, now] = [
      [this.standing, this.verdict],
      [standing, verdict],
    ].map((each) => JSON.stringify(each));
    Object.assign(this, { standing, verdict });
    if (now !== before) this.paintVerdict();
    this.askForButtons(standing.word);
  }

  // the buttons are those of the status that the page has drawn: let it draw those of the new one, without a wait
  askForButtons(word) {
    if (word === this.page.standing.word || word === this.page.reported) return;
    this.page.reported = word;
    this.report("changed", word);
  }

  paintProgress({ share, text }) {
    this.done.style.width = `${100 * share}%`;
    this.bar.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    this.bar.setAttribute("aria-valuetext", text);
    this.bar.title = text;
  }

  paintVerdict() {
    const { standing, verdict } = this;
    this.word.textContent = standing.word;
    this.word.style.setProperty("--tone", `var(--st-${standing.colour}-text-color, currentColor)`);
    const text =
      verdict && standing.colour !== "red"
        ? [standing.beside_verdict, verdict.sentence].filter(Boolean).join(" ")
        : standing.sentence;
    this.sentence.textContent = text;
    this.sentence.title = text;
    this.why.hidden = !verdict?.why;
    if (this.why.hidden) this.opening.close();
    else this.paintReasons(verdict);
  }

  // the nodes stay, only their words change: a status comes each second, and may come during a click
  paintReasons({ why, advice, group }) {
    this.seen.textContent = why;
    this.advice.hidden = !advice;
    this.advice.textContent = `What to do: ${advice}`;
    this.curve.hidden = !group;
    this.curve.onclick = () => this.showCurve(group);
  }

  showCurve(group) {
    this.opening.close();
    window.dispatchEvent(new CustomEvent("gan-studio:group", { detail: { run: this.page.run, group } }));
  }

  leave() {
    this.feed?.end();
    this.opening.end();
    window.removeEventListener("gan-studio:server", this.onServer);
  }
}

export default mounted(".run-status", RunStatus);
