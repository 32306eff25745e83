// How a component keeps its state between the calls of Streamlit.
//
// Streamlit calls the default export again for each change of the data or the theme, always with the same node. It calls
// only the last cleanup function when the node is removed, and at once that of a call which a newer one has overtaken.
// So the state, and with it every listener, belongs to the node.

const views = new WeakMap();

/**
 * The default export of a component.
 *
 * @param {string} selector of the component's root
 * @param {new (root: HTMLElement) => { update(call: object): void, leave?(): void }} View is made once for each root.
 *   `update` gets what Streamlit passes: data, setStateValue, setTriggerValue. `leave` runs once the root is removed.
 */
export function mounted(selector, View) {
  return (call) => {
    const root = call.parentElement.querySelector(selector);
    if (!views.has(root)) views.set(root, new View(root));
    views.get(root).update(call);
    return () => leave(root);
  };
}

function leave(root) {
  if (root.isConnected) return; // the call was overtaken: the component stays
  views.get(root)?.leave?.();
  views.delete(root);
}
