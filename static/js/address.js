// Keeps the address of the page and its state alike.

import { format, parse } from "./state.js";

/** Writes the state to the address and reads it back on back and forward. Whatever was chosen is an entry of the
 *  history, so that "back" undoes it; a move of the map only changes the entry that there is. */
export function followAddress({ store, defaults }) {
  store.watch((state, _before, cause) => {
    if (cause === "address") return;
    const address = location.pathname + format(state, defaults);
    if (address === location.pathname + location.search) return;
    history[cause === "move" ? "replaceState" : "pushState"](null, "", address);
  });
  addEventListener("popstate", () => store.set(parse(location.search, defaults), "address"));
}
