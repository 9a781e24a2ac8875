// The page "find": asks again from where the reader stands, once he says so.

import { t } from "./i18n.js";

const form = document.querySelector(".find-form");
const here = document.querySelector("#here");
const status = document.querySelector("#here-status");

if (navigator.geolocation) {
  here.hidden = false;
  here.addEventListener("click", locate);
}

// What was left empty stays out of the address.
form.addEventListener("submit", () => {
  for (const field of form.querySelectorAll("select, input[type=date]")) field.disabled = !field.value;
});
window.addEventListener("pageshow", () => {
  for (const field of form.querySelectorAll("select, input[type=date]")) field.disabled = false;
});

function locate() {
  here.disabled = true;
  status.textContent = t("locate.asking");
  navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 10_000 });
}

function found({ coords }) {
  put("lon", coords.longitude);
  put("lat", coords.latitude);
  form.requestSubmit();
}

function failed(error) {
  here.disabled = false;
  status.textContent = t(error.code === error.PERMISSION_DENIED ? "locate.denied.page" : "locate.failed.page");
}

function put(name, degrees) {
  const field = form.elements[name];
  field.disabled = false;
  field.value = degrees.toFixed(5);
}
