// Keeps the page of signed copies with its script, style and the public keys, so that it verifies without a network.
// With a network everything is fetched anew and kept again; nothing else is touched.

// The server puts the edition of its files in: with another one the worker is another, and keeps all of it anew.
const STATIC = "/static/";
const STORE = `verify-${STATIC}`;
const FILES = [
  "css/tokens.css",
  "css/fonts.css",
  "css/base.css",
  "css/page.css",
  "css/verify.css",
  "js/theme-early.js",
  "js/page.js",
  "js/theme.js",
  "js/signed.js",
  "js/signedtoken.js",
  "img/mark.svg",
  "img/icons.svg",
];
const KEPT = [
  "/verify/signed",
  "/verify/signed?lang=en",
  "/verify/keys.json",
  ...FILES.map((name) => STATIC + name),
];

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const wanted = event.request.method === "GET" && url.origin === self.location.origin;
  if (wanted && KEPT.includes(url.pathname + url.search)) event.respondWith(freshOrKept(event.request));
});

async function keepAll() {
  const store = await caches.open(STORE);
  await store.addAll(KEPT.map((address) => new Request(address, { cache: "no-cache" })));
  await self.skipWaiting();
}

async function dropOthers() {
  const names = (await caches.keys()).filter((name) => name.startsWith("verify-") && name !== STORE);
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function freshOrKept(request) {
  const store = await caches.open(STORE);
  try {
    const response = await fetch(request);
    if (response.ok) await store.put(request.url, response.clone());
    return response;
  } catch (error) {
    const kept = await store.match(request.url);
    if (kept) return kept;
    throw error;
  }
}
