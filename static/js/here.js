// Where the reader is, once he says so: asked for by a click alone, kept for the page.

import { Store } from "./store.js";

/** A store {position}: [lon, lat], or null as long as nobody asked or the device does not tell. */
export class Here extends Store {
  constructor() {
    super({ position: null });
  }

  /** Asks the device. Gives the position, or throws an Error whose message is a key of words: why there is none. */
  async locate() {
    if (!navigator.geolocation) throw new Error("locate.none");
    const options = { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 };
    const { coords } = await new Promise((found, failed) =>
      navigator.geolocation.getCurrentPosition(found, failed, options),
    ).catch((error) => {
      throw new Error(error.code === error.PERMISSION_DENIED ? "locate.denied" : "locate.failed");
    });
    this.set({ position: [coords.longitude, coords.latitude] });
    return this.state.position;
  }
}
