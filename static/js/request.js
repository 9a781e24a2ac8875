// Every request of the page passes here: one kind of error, cancelling, and the count of what is under way.

/** What went wrong, in a form that the page can say: offline, stopped by the reader, or the server's problem+json. */
export class RequestError extends Error {
  constructor({ status = 0, title = "", detail = "", requestId = "", stopped = false }) {
    super(detail || title || (stopped ? "stopped" : `HTTP ${status}`));
    Object.assign(this, { status, title, detail, requestId, stopped, offline: status === 0 && !stopped });
  }
}

const watchers = new Set();
const underWay = new Set();

/** Calls `watcher(number)` whenever the number of requests under way changes. */
export function watchRequests(watcher) {
  watchers.add(watcher);
}

/** Ends every request under way: whoever asked gets a RequestError that says `stopped`. */
export function stopRequests() {
  for (const request of underWay) request.abort(new RequestError({ stopped: true }));
}

/** The JSON behind an address. Throws RequestError, or AbortError when the signal says so. */
export async function getJson(address, { signal } = {}) {
  return get(address, { signal, accept: "application/json", read: (response) => response.json() });
}

/** The bytes behind an address; null when there is nothing (204). */
export async function getBytes(address, { signal } = {}) {
  const read = (response) => (response.status === 204 ? null : response.arrayBuffer());
  return get(address, { signal, accept: "*/*", read });
}

/** Whether an error only says that the question is no longer asked. */
export function isAbort(error) {
  return error?.name === "AbortError";
}

/** Keeps one request alive: each call of the result cancels the one before and gives a fresh signal. */
export function latest() {
  let controller = null;
  return () => {
    controller?.abort();
    controller = new AbortController();
    return controller.signal;
  };
}

/** The function, called once `wait` milliseconds have passed without another call. */
export function debounced(action, wait) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), wait);
  };
}

/** What `read` makes of the response: until then the request is under way. */
async function get(address, { signal, accept, read }) {
  const request = following(signal);
  changeUnderWay(() => underWay.add(request));
  try {
    const asked = { signal: request.signal, headers: { Accept: accept }, credentials: "same-origin" };
    const response = await fetch(address, asked);
    if (!response.ok) throw await problem(response);
    return await read(response);
  } catch (error) {
    const { reason } = request.signal;
    if (reason instanceof RequestError) throw reason;
    // Only a lost connection is told as one (fetch and a body cut off say TypeError).
    throw error instanceof TypeError ? new RequestError({ status: 0 }) : error;
  } finally {
    changeUnderWay(() => underWay.delete(request));
  }
}

/** A controller that the signal of who asks aborts too. */
function following(signal) {
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { signal: controller.signal });
  return controller;
}

async function problem(response) {
  const body = await response.json().catch(() => ({}));
  return new RequestError({
    status: response.status,
    title: body.title,
    detail: body.detail,
    requestId: body.request_id ?? response.headers.get("X-Request-ID") ?? "",
  });
}

function changeUnderWay(change) {
  change();
  for (const watcher of watchers) watcher(underWay.size);
}
