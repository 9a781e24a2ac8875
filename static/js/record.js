// The page of a record: its citation is copied, the page printed. Both are there without this too.

const line = document.querySelector("#cite-line");
const copy = document.querySelector("#cite-copy");
const status = document.querySelector("#cite-status");
const print = document.querySelector("#print");

if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", copyLine);
}
print.hidden = false;
print.addEventListener("click", () => window.print());

async function copyLine() {
  try {
    await navigator.clipboard.writeText(line.textContent);
    status.textContent = copy.dataset.copied;
  } catch {
    status.textContent = copy.dataset.failed;
  }
}
