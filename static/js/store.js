// One state, and those who want to know when it changes.

export class Store {
  constructor(state) {
    this.state = state;
    this.watchers = new Set();
  }

  /** Calls `watcher(state, before, cause)` after each change, until what comes back is called. */
  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Puts another state in place; `cause` names who asked, for those who would answer themselves. */
  set(state, cause = "") {
    const before = this.state;
    this.state = state;
    for (const watcher of this.watchers) watcher(state, before, cause);
  }

  /** Changes some members of the state. */
  update(changes, cause = "") {
    this.set({ ...this.state, ...changes }, cause);
  }
}
