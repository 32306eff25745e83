// The window is left to a run at the very moment in which Start is pressed: the sidebar is hidden before the server has
// answered, so that nothing jumps later, when one has begun to look. The answer folds the sidebar by Streamlit's own
// means; if the run was refused, or waits for another one, the sidebar comes back.

const STARTS = ".st-key-train-start button, .st-key-train-start_seeds button";
const LONGEST_MILLISECONDS = 10_000; // for an answer that never comes

export class Room {
  constructor(node) {
    this.node = node; // the root of the document, whose style sheets hide the sidebar
    this.onClick = ({ target }) => this.leavesAtOnce && target.closest?.(STARTS) && this.make();
    document.addEventListener("click", this.onClick, true);
  }

  make() {
    this.node.dataset.runStarts = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.takeBack(), LONGEST_MILLISECONDS);
  }

  takeBack() {
    clearTimeout(this.timer);
    delete this.node.dataset.runStarts;
  }

  /** The server has answered: `folds` and `stays` count the starts after which the sidebar folds, or stays open. */
  hear({ folds, stays, leaves_at_once: leavesAtOnce }) {
    this.leavesAtOnce = leavesAtOnce;
    const answered = folds !== this.folds || stays !== this.stays;
    if (folds > this.folds) fold(); // a visitor who opened it by its own button has it open otherwise
    Object.assign(this, { folds, stays });
    if (answered) requestAnimationFrame(() => this.takeBack());
  }

  end() {
    this.takeBack();
    document.removeEventListener("click", this.onClick, true);
  }
}

function fold() {
  document
    .querySelector("[data-testid=stSidebar][data-collapsed=false] [data-testid=stSidebarCollapseButton] button")
    ?.click();
}
