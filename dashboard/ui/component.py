"""Components of the pages, run by Streamlit's components v2: `markup.html`, `style.css` and `index.js` of a folder.

What Streamlit 1.67 allows. Most of this was read in its source and not tried separately:
- `js=` as a path works only for a component of an installed package whose manifest names an asset folder.
- Inline `js=` becomes a module with a `blob:` address, in which relative imports cannot be resolved. It can import an
  absolute address, so `ENTRY` loads the real module from a route of this app (see dashboard/app/component_modules.py).
  Imports between those modules are ordinary static imports. `ENTRY` names them all, so that the browser asks for all at
  once and not for one level of imports after another.
- An error, for example a module that fails to load, stays on the page until it is reloaded. So `ENTRY` itself retries.
- The default export may be asynchronous. It is called for each change of the data or the theme, with the same node.
  `ENTRY` awaits one promise, so calls keep their order.
- Of the functions that the calls return, only the last one is called when the node is removed. The one of a call that
  was overtaken by a newer call is called at once, while the node stays. So listeners belong to the node and not to the
  call, and are removed only when the node has left the document: `shared/mount.js` does this.
"""

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.app import component_modules

ENTRY = """const addresses = {addresses};
const wait = () => new Promise((resolve) => setTimeout(resolve, 1000));
const fetchAll = () => Promise.all(addresses.map((address) => import(new URL(address, document.baseURI).href)));
const retry = (tries) => fetchAll().catch((error) => {
  if (tries === 0) throw error;
  return wait().then(() => retry(tries - 1));
});
let loaded;
export default async (call) => {
  loaded ??= retry({retries});
  const [index] = await loaded;
  return index.default(call);
};
"""
RETRIES = 5  # one second apart


def component(name: str, *parts: str, isolate_styles: bool = True) -> Callable[..., Any]:
    """The component of the folder `components/<name>`, with the styles of the folders `parts`, which it is made of.

    Isolated, it is drawn in a shadow tree. Otherwise it is a part of the document, where the styles of `shared`, which
    name no class, apply only below its root: the element of the class `name`, with dashes.
    """
    shared = styles("shared")
    return st.components.v2.component(
        f"gan_studio_{name}",
        html=(component_modules.COMPONENTS / name / "markup.html").read_text(),
        css=f"{shared if isolate_styles else below(name, shared)}\n{styles(name, *parts)}",
        js=entry(name),
        isolate_styles=isolate_styles,
    )


def entry(name: str) -> str:
    """The inline module of a component, which loads its real modules."""
    addresses = json.dumps(component_modules.addresses(name))
    return ENTRY.replace("{addresses}", addresses).replace("{retries}", str(RETRIES))


def below(name: str, sheet: str) -> str:
    """A style sheet for the elements below the root of a component, without a higher specificity."""
    return f":where(.{name.replace('_', '-')}) {{\n{sheet}\n}}"


def styles(*folders: str) -> str:
    """The style sheets of some folders of dashboard/components; a folder may have none."""
    sheets = [component_modules.COMPONENTS / folder / "style.css" for folder in folders]
    return "\n".join(sheet.read_text() for sheet in sheets if sheet.exists())
