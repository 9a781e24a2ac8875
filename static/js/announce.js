// One polite announcement per finished action.

/** A function that speaks through the live region; the same text twice is spoken twice. */
export function announcer(region) {
  return (text) => {
    region.textContent = "";
    requestAnimationFrame(() => {
      region.textContent = text;
    });
  };
}
