// Light or dark: what the reader chose, else what the reader's system asks for. theme-early.js sets it before first paint.

const KEY = "theme";
const watchers = new Set();
const system = matchMedia("(prefers-color-scheme: dark)");

export function theme() {
  return document.documentElement.dataset.theme === "dark" ? "dark" : "light";
}

/** Calls `watcher(theme)` after each change. */
export function watchTheme(watcher) {
  watchers.add(watcher);
}

/** Makes a button switch between light and dark, and follows the system until the reader has chosen. */
export function wireThemeButton(button) {
  button.hidden = false;
  show(button);
  button.addEventListener("click", () => {
    const chosen = theme() === "dark" ? "light" : "dark";
    remember(chosen);
    apply(chosen, button);
  });
  system.addEventListener("change", () => {
    if (!remembered()) apply(system.matches ? "dark" : "light", button);
  });
}

function apply(chosen, button) {
  document.documentElement.dataset.theme = chosen;
  show(button);
  for (const watcher of watchers) watcher(chosen);
}

function show(button) {
  button.setAttribute("aria-pressed", String(theme() === "dark"));
}

// Storage may be forbidden (private windows, embedded pages); the choice then lasts as long as the page.
function remember(chosen) {
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    return;
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
