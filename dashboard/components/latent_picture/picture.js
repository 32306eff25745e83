// The large picture with its expression, the length of its latent and D's opinion, and the row of four pictures below.

import { make, makeButton } from "../shared/dom.js";
import { withMinus } from "../shared/numbers.js";
import { paint, paintImage, pictures } from "../shared/pictures.js";
import { addressOf } from "../shared/server.js";

const PERCENT_OF_THE_TYPICAL_LENGTH = 50; // its mark is in the middle of the bar
const SAVED_SCALE = 8;

export class Picture {
  constructor(root, act) {
    this.act = act;
    this.root = root;
    this.canvas = root.querySelector("canvas");
    this.canvas.setAttribute("role", "img");
    this.save = root.querySelector(".save");
    this.expression = root.querySelector(".expression");
    this.normText = root.querySelector(".norm-text");
    this.normFill = root.querySelector(".norm-fill");
    this.keepsLength = root.querySelector(".shell input");
    this.keepsLength.onchange = () => act("shell", this.keepsLength.checked);
    this.opinionText = root.querySelector(".opinion-text");
    this.opinionDetail = root.querySelector(".opinion-detail");
    this.opinion = root.querySelector(".opinion");
    this.row = root.querySelector(".arithmetic-row");
    this.shown = 0; // pictures so far
  }

  show({ picture, description, expression, norm, norm_text: text, opinion, query, file_name: fileName }) {
    const [shown] = pictures(picture);
    this.root.style.setProperty("--side", `${shown.width}px`);
    paint(this.canvas, shown);
    this.shown += 1;
    this.canvas.dataset.shown = String(this.shown);
    this.canvas.setAttribute("aria-label", description);
    this.expression.textContent = expression;
    this.expression.title = expression;
    this.normText.textContent = text;
    this.normFill.style.width = `${Math.min(100, PERCENT_OF_THE_TYPICAL_LENGTH * norm)}%`;
    this.save.href = addressOf(`picture.png?${query}&scale=${SAVED_SCALE}`);
    this.save.download = fileName;
    this.showOpinion(opinion);
  }

  showOpinion({ text, detail, share }) {
    this.opinionText.textContent = text;
    this.opinionDetail.textContent = detail;
    this.opinion.classList.toggle("without-share", share === null);
    this.opinion.setAttribute("aria-valuenow", String(Math.round(100 * (share ?? 0))));
    this.opinion.setAttribute("aria-valuetext", text);
    this.opinion.firstElementChild.style.width = `${100 * (share ?? 0)}%`;
  }

  showControls({ on_shell: onShell, arithmetic_row: row }) {
    this.keepsLength.checked = onShell;
    this.row.classList.toggle("empty", !row);
    if (!row) {
      this.row.replaceChildren();
      return;
    }
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
