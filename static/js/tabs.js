// Tabs by the keyboard pattern: arrows move, the chosen tab alone is in the order of focus.

/** Wires a tablist; `view` holds {tab}, the id of the chosen tab. */
export function wireTabs(list, view) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  for (const tab of tabs) tab.addEventListener("click", () => view.update({ tab: tab.dataset.tab }, "tab"));
  list.addEventListener("keydown", (event) => move(event, tabs, view));
  view.watch(() => show(tabs, view.state.tab));
  show(tabs, view.state.tab);
}

function move(event, tabs, view) {
  const steps = { ArrowRight: 1, ArrowLeft: -1 };
  const at = tabs.indexOf(document.activeElement);
  const to =
    { Home: 0, End: tabs.length - 1 }[event.key] ?? (at + (steps[event.key] ?? NaN) + tabs.length) % tabs.length;
  if (!tabs[to]) return;
  event.preventDefault();
  view.update({ tab: tabs[to].dataset.tab }, "tab");
  tabs[to].focus();
}

function show(tabs, chosen) {
  for (const tab of tabs) {
    const selected = tab.dataset.tab === chosen;
    tab.setAttribute("aria-selected", String(selected));
    tab.tabIndex = selected ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !selected;
  }
}
