// Which key presses are shortcuts of the page.

const TEXT_FIELDS = ["INPUT", "TEXTAREA", "SELECT"];

/** Whether an event is a press of `key` alone, outside of every field in which a person types. */
export function isShortcut(event, key) {
  return event.key === key && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event);
}

function isTyping(event) {
  return event.composedPath().some((node) => TEXT_FIELDS.includes(node.tagName) || node.isContentEditable);
}
