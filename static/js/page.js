// What every page has: the theme button and the links to the other language.

import { wireThemeButton } from "./theme.js";

export function wirePage() {
  wireThemeButton(document.querySelector("#theme"));
  for (const link of document.querySelectorAll("a[data-language]")) {
    link.addEventListener("click", () => link.setAttribute("href", addressIn(link.dataset.language, location.href)));
  }
}

/** The address of this page in the other language. */
function addressIn(other, address) {
  const url = new URL(address);
  if (other === "vi") url.searchParams.delete("lang");
  else url.searchParams.set("lang", other);
  return `${url.pathname}${url.search.replaceAll("%2C", ",").replaceAll("%2F", "/")}`;
}

/** On a narrow screen the row of lists runs sideways: the list that is open is in sight. */
function showCurrentList() {
  const lists = document.querySelector(".lists");
  const current = lists?.querySelector("[aria-current]");
  if (current) lists.scrollLeft = current.offsetLeft - (lists.clientWidth - current.offsetWidth) / 2;
}

wirePage();
showCurrentList();
