import type { Outcome } from "./outcome.ts";

/** How many commands can be taken back, one after the other. */
const maxUndoable = 50;

/** What `Ctrl+Z` takes back: the commands of this tab, the last one first. */
export class UndoStack {
  readonly #undoable: (() => Promise<Outcome>)[] = [];

  /** Returns a function that takes exactly this outcome back, once; undefined where there is nothing to take back. */
  remember({ undo }: Outcome): (() => Promise<Outcome>) | undefined {
    if (!undo) return undefined;
    this.#undoable.push(undo);
    if (this.#undoable.length > maxUndoable) this.#undoable.shift();
    return async () => (this.#take(undo) ? undo() : { done: 0, failures: [], undo: undefined });
  }

  /** Takes the last command back; undefined when there is none. */
  async undoLast(): Promise<Outcome | undefined> {
    return this.#undoable.pop()?.();
  }

  #take(undo: () => Promise<Outcome>): boolean {
    const at = this.#undoable.lastIndexOf(undo);
    if (at === -1) return false;
    this.#undoable.splice(at, 1);
    return true;
  }
}
