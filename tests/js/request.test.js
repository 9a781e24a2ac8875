import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { getBytes, getJson, isAbort, stopRequests, watchRequests } from "../../static/js/request.js";

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

/** A server that answers nothing until the request is given up. */
function silent() {
  globalThis.fetch = async (_address, { signal }) => {
    signal.throwIfAborted();
    return new Promise((_answer, failed) => signal.addEventListener("abort", () => failed(signal.reason)));
  };
}

/** A server that sends its head at once and never ends its body. */
function slow() {
  globalThis.fetch = async (_address, { signal }) => ({
    ok: true,
    status: 200,
    arrayBuffer: () => new Promise((_all, failed) => signal.addEventListener("abort", () => failed(signal.reason))),
  });
}

test("the reader stops all that is under way, and whoever asked is told so", async () => {
  silent();
  const asked = [getJson("/a"), getBytes("/b")];
  stopRequests();
  for (const request of asked) await assert.rejects(request, (error) => error.stopped && !error.offline && !isAbort(error));
});

test("a request is under way until its body is here, and can be stopped until then", async () => {
  slow();
  let underWay = 0;
  watchRequests((number) => (underWay = number));
  const asked = getBytes("/a");
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(underWay, 1);
  stopRequests();
  await assert.rejects(asked, { stopped: true });
  assert.equal(underWay, 0);
});

test("who no longer asks is not told of an error but of his own end", async () => {
  silent();
  const controller = new AbortController();
  const asked = getJson("/a", { signal: controller.signal });
  controller.abort();
  await assert.rejects(asked, isAbort);
  await assert.rejects(getJson("/a", { signal: AbortSignal.abort() }), isAbort);
});

test("without a network the error says offline", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("failed to fetch");
  };
  await assert.rejects(getJson("/a"), { offline: true, stopped: false });
});
