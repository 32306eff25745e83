// A button that opens and closes a panel below it. Escape and a press elsewhere close the panel.

export class Opening {
  /** `opened()` is called when the panel opens. */
  constructor(button, panel, opened = () => {}) {
    Object.assign(this, { button, panel, opened });
    button.addEventListener("click", () => this.set(panel.hidden));
    this.onKey = (event) => this.key(event);
    for (const node of [button, panel]) node.addEventListener("keydown", this.onKey);
    this.onPress = (event) => this.pressed(event);
    document.addEventListener("pointerdown", this.onPress);
  }

  set(open) {
    this.panel.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.opened();
  }

  close() {
    this.set(false);
  }

  key(event) {
    if (event.key !== "Escape" || this.panel.hidden) return;
    event.stopPropagation();
    this.close();
    this.button.focus();
  }

  pressed(event) {
    const path = event.composedPath();
    if (!this.panel.hidden && !path.includes(this.panel) && !path.includes(this.button)) this.close();
  }

  end() {
    document.removeEventListener("pointerdown", this.onPress);
  }
}
