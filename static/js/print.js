// The page to print works without scripts; with them it has a button.

const button = document.querySelector("#print");
button.hidden = false;
document.querySelector("#print-hint").hidden = true;
button.addEventListener("click", () => window.print());
