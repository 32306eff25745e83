// Hides the sidebar when Start is pressed, before the server has answered, so that nothing jumps later, while somebody
// looks. With the answer, Streamlit folds the sidebar. If the run was refused, or waits for another one, the sidebar is
// shown again.

const STARTS = ".st-key-train-start button, .st-key-train-start_seeds button";
const LONGEST_MILLISECONDS = 10_000; // for an answer that never comes

export class SidebarFold {
  constructor(node) {
    this.node = node; // the root of the document, whose style sheets hide the sidebar
    this.onClick = ({ target }) => this.foldsAtOnce && target.closest?.(STARTS) && this.hide();
    document.addEventListener("click", this.onClick, true);
  }

  hide() {
    this.node.dataset.runStarts = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), LONGEST_MILLISECONDS);
  }

  show() {
    clearTimeout(this.timer);
    delete this.node.dataset.runStarts;
  }

  /** The server has answered: `folds` and `stays` count the starts after which the sidebar folds, or stays open. */
  answer({ folds, stays, folds_at_once: foldsAtOnce }) {
    this.foldsAtOnce = foldsAtOnce;
    const answered = folds !== this.folds || stays !== this.stays;
    if (folds > this.folds) pressCollapse(); // a visitor who opened it by its own button has it open otherwise
    Object.assign(this, { folds, stays });
    if (answered) requestAnimationFrame(() => this.show());
  }

  end() {
    this.show();
    document.removeEventListener("click", this.onClick, true);
  }
}

function pressCollapse() {
  document
    .querySelector("[data-testid=stSidebar][data-collapsed=false] [data-testid=stSidebarCollapseButton] button")
    ?.click();
}
