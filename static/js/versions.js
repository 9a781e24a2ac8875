// Which version the tiles of one layer have: one request for all blocks of a view, then addresses that never change.
//
// A tile of zoom 12 or farther out is a block of its own, deeper ones share that of their ancestor at zoom 12.

const BLOCK_ZOOM = 12;
// Long enough that a walk over the map asks once for each place, short enough that a move shows what has changed.
export const FRESH_MS = 10_000;

/** The block {z}/{x}/{y} that a tile belongs to. */
export function blockOf({ z, x, y }) {
  const steps = Math.max(0, z - BLOCK_ZOOM);
  return [z - steps, Math.floor(x / 2 ** steps), Math.floor(y / 2 ** steps)].join("/");
}

export class Versions {
  /** `ask(blocks)` promises {block: version}; `now()` gives milliseconds. */
  constructor({ ask, now = () => performance.now() }) {
    Object.assign(this, { ask, now });
    this.known = new Map();
    this.asked = new Set();
  }

  /** {version, at} as last answered, or undefined; `version` is null where none could be had. */
  get(block) {
    return this.known.get(block);
  }

  /** Whether the answer is so new that the block need not be asked for. */
  isFresh(block) {
    return this.now() - (this.get(block)?.at ?? -Infinity) < FRESH_MS;
  }

  /** Whether the block is being asked for. */
  isAsked(block) {
    return this.asked.has(block);
  }

  /** Asks for those of the blocks that are neither fresh nor being asked for; says whether there were any, once answered.
   *  Throws what says that the reader stopped it. */
  async need(blocks) {
    const missing = [...new Set(blocks)].filter((block) => !this.isFresh(block) && !this.isAsked(block));
    if (!missing.length) return false;
    for (const block of missing) this.asked.add(block);
    const answer = await this.#answer(missing).finally(() => missing.forEach((block) => this.asked.delete(block)));
    this.#forget(blocks);
    for (const block of missing) this.known.set(block, { version: answer[block] ?? null, at: this.now() });
    return true;
  }

  // Without versions the tiles are had all the same, from the address that is always fresh.
  async #answer(blocks) {
    try {
      return await this.ask(blocks);
    } catch (error) {
      if (error.stopped) throw error;
      return {};
    }
  }

  #forget(wanted) {
    for (const block of this.known.keys()) {
      if (!this.isFresh(block) && !wanted.includes(block)) this.known.delete(block);
    }
  }
}
