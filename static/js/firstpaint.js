// The server's picture stands before the map until the map is drawn, or until somebody takes hold of the map.

const TAKES_HOLD = ["pointerdown", "wheel", "keydown"];

/** Takes the picture away for good once `container` says that all of its view is drawn. */
export function wireFirstPaint(picture, container) {
  const away = () => {
    watcher.disconnect();
    picture.remove();
  };
  const watcher = new MutationObserver(() => "complete" in container.dataset && away());
  watcher.observe(container, { attributeFilter: ["data-complete"] });
  for (const event of TAKES_HOLD) container.parentElement.addEventListener(event, away, { once: true });
}
