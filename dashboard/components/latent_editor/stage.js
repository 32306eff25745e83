// Where the editor with the sliders meets the component that shows its picture: Streamlit mounts the two on their own.

export class Stage {
  /** The component of the picture is there. It shows what the editor has shown before. */
  enter(view) {
    if (this.view === view) return;
    this.view = view;
    if (this.controls) view.showControls(this.controls);
    if (this.picture) view.show(this.picture);
  }

  leave(view) {
    if (this.view === view) this.view = undefined;
  }

  /** The editor is there. `act(kind, value)` sends the page what was pressed beside the picture. */
  direct(act) {
    this.act = act;
  }

  /** The editor is gone. */
  clear() {
    this.act = () => {};
    this.controls = this.picture = undefined;
  }

  /** What changes only when the page answers: the row of four pictures, the switch for the typical length. */
  showControls(controls) {
    this.controls = controls;
    this.view?.showControls(controls);
  }

  /** What changes with each picture. */
  show(picture) {
    this.picture = picture;
    this.view?.show(picture);
  }

  act() {}
}

export const stage = new Stage();
