// Every request of the page passes here: one kind of error, cancelling, and the count of what is under way.

/** What went wrong, in a form that the page can say: offline, or the server's problem+json. */
export class RequestError extends Error {
  constructor({ status = 0, title = "", detail = "", requestId = "" }) {
    super(detail || title || `HTTP ${status}`);
    Object.assign(this, { status, title, detail, requestId, offline: status === 0 });
  }
}

const watchers = new Set();
let underWay = 0;

/** Calls `watcher(number)` whenever the number of requests under way changes. */
export function watchRequests(watcher) {
  watchers.add(watcher);
}

/** The JSON behind an address. Throws RequestError, or AbortError when the signal says so. */
export async function getJson(address, { signal } = {}) {
  const response = await get(address, { signal, accept: "application/json" });
  return response.json();
}

/** The bytes behind an address; null when there is nothing (204). */
export async function getBytes(address, { signal } = {}) {
  const response = await get(address, { signal, accept: "*/*" });
  return response.status === 204 ? null : response.arrayBuffer();
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

async function get(address, { signal, accept }) {
  changeUnderWay(1);
  try {
    const response = await fetch(address, { signal, headers: { Accept: accept }, credentials: "same-origin" });
    if (!response.ok) throw await problem(response);
    return response;
  } catch (error) {
    if (isAbort(error) || error instanceof RequestError) throw error;
    throw new RequestError({ status: 0 });
  } finally {
    changeUnderWay(-1);
  }
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

function changeUnderWay(by) {
  underWay += by;
  for (const watcher of watchers) watcher(underWay);
}
