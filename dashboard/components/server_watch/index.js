// Says that the server does not answer, in place of Streamlit's dialog, and hides what is no longer known: page_frame.css
// looks for `data-server` of the document. Streamlit itself connects again and then runs the page again.

import { make } from "../shared/dom.js";
import { mounted } from "../shared/mount.js";

const STATE = "data-test-connection-state"; // Streamlit's, of the node `.stApp`
const CONNECTED = "CONNECTED";
const PATIENCE_MILLISECONDS = 1000; // a short loss of the connection is not worth a notice

class ServerWatch {
  constructor(root) {
    this.root = root;
    this.changes = new MutationObserver(() => this.look());
    const app = document.querySelector(`[${STATE}]`);
    if (app) this.changes.observe(app, { attributeFilter: [STATE] });
    this.app = app;
    this.look();
  }

  update() {}

  look() {
    const away = this.app !== null && this.app.getAttribute(STATE) !== CONNECTED;
    if (!away) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.show(false);
    } else this.timer ??= setTimeout(() => this.show(true), PATIENCE_MILLISECONDS);
  }

  show(away) {
    document.documentElement.toggleAttribute("data-server", away);
    window.dispatchEvent(new CustomEvent("gan-studio:server", { detail: { away } }));
    if (away) document.documentElement.dataset.server = "away";
    this.root.replaceChildren(...(away ? notice() : []));
  }

  leave() {
    clearTimeout(this.timer);
    this.changes.disconnect();
    this.show(false);
  }
}

function notice() {
  const what = make(
    "p",
    "",
    "The runs are safe on the disk: a run that was training can be resumed. To start the server again, run ",
  );
  what.append(make("code", "", "streamlit run app.py"), " in its folder. This page then goes on by itself.");
  return [make("strong", "", "The server does not answer."), what];
}

export default mounted(".server-watch", ServerWatch);
