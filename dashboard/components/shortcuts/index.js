// The key ? opens the list of shortcuts, as the shortcuts of the buttons do theirs: never while somebody types.

const TYPED = ["INPUT", "TEXTAREA", "SELECT"];

function typing(event) {
  return event.composedPath().some((node) => TYPED.includes(node.tagName) || node.isContentEditable);
}

export default function ({ data }) {
  const open = (event) => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
    document.querySelector(`.st-key-${data.opens} button`)?.click();
    event.preventDefault();
  };
  document.addEventListener("keydown", open);
  return () => document.removeEventListener("keydown", open);
}
