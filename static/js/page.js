// What every page has: the theme button and the links to the other language.

import { addressIn } from "./i18n.js";
import { wireThemeButton } from "./theme.js";

export function wirePage() {
  wireThemeButton(document.querySelector("#theme"));
  for (const link of document.querySelectorAll("a[data-language]")) {
    link.addEventListener("click", () => link.setAttribute("href", addressIn(link.dataset.language, location.href)));
  }
}

/** On a narrow screen the row of lists runs sideways: the list that is open is in sight. */
function showCurrentList() {
  const lists = document.querySelector(".lists");
  const current = lists?.querySelector("[aria-current]");
  if (current) lists.scrollLeft = current.offsetLeft - (lists.clientWidth - current.offsetWidth) / 2;
}

wirePage();
showCurrentList();
