// How a component keeps its state between the calls of Streamlit.  Streamlit calls the default export again for each
// change of the data or the theme, always with the same node. A call returns a cleanup function. Streamlit calls the
// last one when the node is removed, but that of a call which was overtaken by a newer one at once. So the state and
// all listeners belong to the node and not to the call.

/**
 * The default export of a component.
 *
 * @param {string} selector of the component's root
 * @param {new (root: HTMLElement) => { update(call: object): void, leave?(): void }} View made once for each root.
 *   `update` gets what Streamlit passes: data, setStateValue, setTriggerValue. `leave` runs after the root was removed.
 */
export function mounted(selector, View) {
  return (call) => {
    const root = call.parentElement.querySelector(selector);
    root.view ??= new View(root);
    root.view.update(call);
    return () => leave(root);
  };
}

function leave(root) {
  if (root.isConnected) return; // the call was overtaken: the component stays
  root.view?.leave?.();
  root.view = undefined;
}
