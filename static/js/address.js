// Keeps the address of the page and its state alike.

import { format, parse } from "./state.js";

/** Writes the state to the address (a new entry of the history for each selection) and reads it back on back and forward. */
export function followAddress({ store, defaults }) {
  store.watch((state, before, cause) => {
    if (cause === "address") return;
    const address = location.pathname + format(state, defaults);
    if (address === location.pathname + location.search) return;
    const selected = state.select !== before.select;
    history[selected ? "pushState" : "replaceState"](null, "", address);
  });
  addEventListener("popstate", () => store.set(parse(location.search, defaults), "address"));
}
