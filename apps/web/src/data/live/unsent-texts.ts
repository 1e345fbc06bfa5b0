/** A text whose last words the server may not have. */
export interface UnsentText {
  /** Of its file. */
  readonly name: string;
  readonly words: string;
}

/** So many wait to be asked about; of more, the oldest goes. One editor is open at a time. */
export const maxUnsent = 10;

let waiting: readonly UnsentText[] = [];
const watchers = new Set<() => void>();

function set(next: readonly UnsentText[]): void {
  waiting = next;
  for (const onChange of watchers) onChange();
}

/** Texts whose editors were taken away, by the loss of a folder or of the login, with words that the server had not confirmed. They outlive every page, until the person has answered. */
export const unsentTexts = {
  /** The one to be asked about now. */
  first: (): UnsentText | undefined => waiting[0],
  keep: (text: UnsentText): void => set([...waiting, text].slice(-maxUnsent)),
  /** The first is answered. */
  next: (): void => set(waiting.slice(1)),
  watch(onChange: () => void): () => void {
    watchers.add(onChange);
    return () => watchers.delete(onChange);
  },
};
