// The page of the check: the camera, where the browser has one and can read codes. Typing always works without this.

import { addressOf } from "./scanned.js";

const EVERY_MS = 200;
const WANTED = ["qr_code", "code_128", "code_39", "ean_13", "data_matrix"];

const button = document.querySelector("#scan");
const dialog = document.querySelector("#scan-dialog");
const video = document.querySelector("#scan-video");
const words = document.querySelector("#scan-words");

if (await canScan()) {
  button.hidden = false;
  button.addEventListener("click", scan);
  document.querySelector("#scan-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", stop);
}

async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code");
}

async function scan() {
  dialog.showModal();
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    words.textContent = words.dataset.none;
    return;
  }
  const supported = await BarcodeDetector.getSupportedFormats();
  look(new BarcodeDetector({ formats: WANTED.filter((format) => supported.includes(format)) }));
}

async function look(detector) {
  if (!dialog.open) return;
  // A frame that is not there yet cannot be read; the next one is looked at.
  const found = await detector.detect(video).catch(() => []);
  const content = found[0]?.rawValue;
  if (content) {
    dialog.close();
    location.assign(addressOf(content, { origin: location.origin, language: document.documentElement.lang }));
    return;
  }
  setTimeout(() => look(detector), EVERY_MS);
}

function stop() {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
}
