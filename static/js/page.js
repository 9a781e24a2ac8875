// What every page has: the theme button and the links to the other language.

import { addressIn } from "./i18n.js";
import { wireThemeButton } from "./theme.js";

export function wirePage() {
  wireThemeButton(document.querySelector("#theme"));
  for (const link of document.querySelectorAll("a[data-language]")) {
    link.addEventListener("click", () => link.setAttribute("href", addressIn(link.dataset.language, location.href)));
  }
}

wirePage();
