// Keyboard focus in Streamlit's popovers. Their content is the last of the document, so that a person without a mouse
// would have to go through the whole page to reach it. Here the focus goes into a popover that a key has opened, and
// back to its button when it closes.

const BUTTON = '[data-testid="stPopoverButton"]';
const BODY = '[data-testid="stPopoverBody"]';
const STOPS = ["a[href]", "button", "input", "select", "textarea", '[tabindex="0"]'];

export class PopoverFocus {
  constructor() {
    this.openers = new Map(); // the body of each open popover -> its button
    this.changes = new MutationObserver((records) => this.changed(records));
    this.changes.observe(document.body, { childList: true, subtree: true });
  }

  changed(records) {
    for (const { addedNodes } of records) for (const node of addedNodes) this.opened(node);
    for (const [body, button] of this.openers) if (!body.isConnected) this.closed(body, button);
  }

  opened(node) {
    const body = node.matches?.(BODY) ? node : node.querySelector?.(BODY);
    const button = document.activeElement;
    if (!body || !button?.matches(BUTTON) || !button.matches(":focus-visible")) return;
    this.openers.set(body, button);
    requestAnimationFrame(() => enter(body)); // it has its place, and its content, a frame later
  }

  closed(body, button) {
    this.openers.delete(body);
    if (document.activeElement === document.body && button.isConnected) button.focus();
  }

  end() {
    this.changes.disconnect();
  }
}

function enter(body) {
  const stops = [...body.querySelectorAll(STOPS.map((stop) => `${stop}:not([disabled], [tabindex="-1"])`).join())];
  const first = stops.find((stop) => stop.checkVisibility({ visibilityProperty: true })) ?? body;
  if (first === body) body.tabIndex = -1;
  first.focus();
}
