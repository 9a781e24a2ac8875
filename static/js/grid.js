// Things with px and py by square cells, so that only the neighbours of a place are looked at. Pure.

// A cell's number: at zoom 22 the world is 2^31 pixels wide, which leaves room for both numbers below 2^53.
const ROW = 2 ** 26;

export class Grid {
  /** `cell` is the width of a cell: as far as two things can matter to each other. */
  constructor(cell) {
    this.cell = cell;
    this.cells = new Map();
  }

  add(thing) {
    const key = this.#key(thing.px, thing.py);
    const things = this.cells.get(key);
    if (things) things.push(thing);
    else this.cells.set(key, [thing]);
  }

  remove(thing) {
    const things = this.cells.get(this.#key(thing.px, thing.py));
    things.splice(things.indexOf(thing), 1);
  }

  /** Whether `test` holds for any thing in the nine cells around a place. */
  some(px, py, test) {
    const middle = this.#key(px, py);
    for (let row = -ROW; row <= ROW; row += ROW) {
      for (let column = -1; column <= 1; column++) {
        const things = this.cells.get(middle + row + column);
        if (things?.some(test)) return true;
      }
    }
    return false;
  }

  all() {
    return [...this.cells.values()].flat();
  }

  #key(px, py) {
    return Math.floor(py / this.cell) * ROW + Math.floor(px / this.cell);
  }
}
