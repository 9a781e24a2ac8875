// The dialog for sharing what is shown: link, other apps, print, picture, data, QGIS, and code to embed. Loaded when it is asked for.

import { loadSheet } from "./dom.js";
import { t } from "./i18n.js";
import { format, queryOf } from "./state.js";

const find = (id) => document.getElementById(id);
// As wide as the dialog shows it on a phone.
const PREVIEW_PX = 290;
let sheet = null;

/** Opens the dialog over the state as it is now; the browser gives the focus back when it closes. */
export async function openShare({ store, view, defaults }) {
  sheet ??= loadSheet(new URL("../css/share.css", import.meta.url));
  // Without its looks the dialog still has the link; the next time they are asked for again.
  await sheet.catch(() => (sheet = null));
  const dialog = find("share");
  const { state } = store;
  const query = format(state, defaults);
  find("share-link").value = location.origin + "/" + query;
  find("share-print").href = `/print${query}`;
  find("share-picture").href = `/picture.svg${query}`;
  find("share-data").href = dataAddress(state, view.state.chosen);
  find("share-qgis").href = `/qgis/map.qgs${query}`;
  find("share-status").textContent = "";
  dialog.query = query;
  if (!dialog.wired) wire(dialog);
  showEmbed(dialog);
  dialog.showModal();
  find("share-copy").focus();
}

/** The data of the layer that the panel is about, under its filters. */
function dataAddress(state, layer) {
  if (!layer) return "/data/";
  const lang = state.lang ? [`lang=${state.lang}`] : [];
  return `/data/?${[`layer=${layer}`, queryOf(state, layer), ...lang].filter(Boolean).join("&")}`;
}

function wire(dialog) {
  dialog.wired = true;
  const tell = (words) => (find("share-status").textContent = words);
  find("share-copy").addEventListener("click", () => copy(find("share-link"), "share.copied", tell));
  find("share-copy-code").addEventListener("click", () => copy(find("share-code"), "share.codeCopied", tell));
  find("share-link").addEventListener("focus", (event) => event.target.select());
  dialog.addEventListener("change", () => showEmbed(dialog));
  find("share-embed").addEventListener("toggle", () => showEmbed(dialog));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  const picture = find("share-preview").querySelector("img");
  picture.addEventListener("error", () => find("share-embed").open && tell(t("share.nopreview")));
  wireSystem(find("share-system"));
}

/** Where the system has a sheet of its own for sharing. */
function wireSystem(button) {
  if (!navigator.share) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const data = { title: document.title, url: find("share-link").value };
    navigator.share(data).catch(() => {}); // closed by the reader: nothing to say
  });
}

async function copy(field, done, tell) {
  tell("");
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    if (!document.execCommand("copy")) return tell(t("share.byhand"));
  }
  tell(t(done));
}

/** The code for the chosen size, and a picture of the map in that shape; asked for once the part is open. */
function showEmbed(dialog) {
  const [width, height] = dialog.querySelector("[name=size]:checked").value.split("x").map(Number);
  find("share-code").value = code(dialog.query, width, height);
  if (!find("share-embed").open) return;
  const picture = find("share-preview").querySelector("img");
  const query = new URLSearchParams(dialog.query);
  for (const [name, value] of Object.entries({ width, height, frame: "none" })) query.set(name, value);
  picture.width = Math.round(PREVIEW_PX * Math.sqrt(width / 960));
  picture.height = Math.round((picture.width * height) / width);
  picture.src = `/picture.svg?${query}`;
}

function code(query, width, height) {
  const address = `${location.origin}/embed${query}`.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const title = t("share.title").replaceAll('"', "&quot;");
  return `<iframe src="${address}" width="${width}" height="${height}" title="${title}" loading="lazy"></iframe>`;
}
