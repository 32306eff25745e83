// The large picture with its expression and the length of its latent, and the row of four pictures below it.

import { make, makeButton } from "../shared/dom.js";
import { withMinus } from "../shared/numbers.js";
import { paint, paintImage, pictures } from "../shared/pictures.js";

const PERCENT_OF_THE_SHELL = 50; // the mark of the shell is in the middle of the bar

export class Picture {
  constructor(root, act) {
    this.act = act;
    this.canvas = root.querySelector("canvas");
    this.canvas.setAttribute("role", "img");
    this.expression = root.querySelector(".expression");
    this.normText = root.querySelector(".norm-text");
    this.normFill = root.querySelector(".norm-fill");
    this.row = root.querySelector(".arithmetic-row");
    this.shown = 0; // pictures so far
  }

  show({ picture, description, expression, norm, norm_text: text }) {
    paint(this.canvas, pictures(picture)[0]);
    this.shown += 1;
    this.canvas.dataset.shown = String(this.shown);
    this.canvas.setAttribute("aria-label", description);
    this.expression.textContent = expression;
    this.expression.title = expression;
    this.normText.textContent = text;
    this.normFill.style.width = `${Math.min(100, PERCENT_OF_THE_SHELL * norm)}%`;
  }

  /** The first two latents, their difference and their sum, where the shelf has two. */
  showArithmeticRow(row) {
    this.row.hidden = !row;
    if (!row) return;
    const shown = pictures(row.block);
    if (this.row.children.length !== shown.length) this.row.replaceChildren(...shown.map(makeArithmeticButton));
    for (const [index, picture] of shown.entries()) {
      this.paintArithmetic(this.row.children[index], picture, row.captions[index]);
    }
  }

  paintArithmetic(button, picture, caption) {
    const [image, text] = button.children;
    paintImage(image, picture);
    image.alt = "";
    text.textContent = withMinus(caption);
    button.title = `Show ${caption}`;
    button.setAttribute("aria-label", button.title);
    button.onclick = () => this.act("say", caption);
  }
}

function makeArithmeticButton() {
  const button = makeButton();
  button.append(make("img"), make("span", "small"));
  return button;
}
