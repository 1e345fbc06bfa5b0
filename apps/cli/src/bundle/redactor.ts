import { createHmac } from "node:crypto";

/** What must not leave this machine in a file for others. */
export interface Redaction {
  /** Told apart by a random key of this one bundle, so that nobody can try names against their hashes. */
  readonly key: Uint8Array;
  /** Names of files and folders; each becomes a hash, equal for equal names. */
  readonly names: Iterable<string>;
  /** Texts with what is to stand in their place, such as tokens, addresses, the folder's path. */
  readonly secrets: readonly { readonly text: string; readonly instead: string }[];
  /** Leave the names of files as they are: the person said so. */
  readonly keepNames: boolean;
}

export interface Redactor {
  /** A line of a log, or a sentence. */
  text(text: string): string;
  /** A path of a file. */
  path(path: string): string;
}

/** Shorter names tell nothing, and stand in every line. */
const minNameLength = 3;
/** Where a name in a text may begin or end. */
const boundary = /[\s/"'`():,=[\]{}]/;

export function createRedactor(redaction: Redaction): Redactor {
  const { key, secrets, keepNames } = redaction;
  const ordered = secrets
    .filter(({ text }) => text !== "")
    .toSorted((one, other) => other.text.length - one.text.length);
  const names = keepNames ? new Map<string, string[]>() : byFirstWord(redaction.names);
  const hashed = (name: string): string => hashName(key, name);

  const path = (value: string): string =>
    keepNames
      ? hideTokens(value)
      : value
          .split("/")
          .map((name) => (isPlain(name) ? name : hashed(name)))
          .join("/");
  return {
    path,
    text(value) {
      let text = value;
      for (const { text: secret, instead } of ordered) text = text.replaceAll(secret, instead);
      text = hideTokens(text);
      if (keepNames) return text;
      // What looks like a path is one, also of a file that is long gone; but not a place in the program's own code.
      return replaceNames(text, names, hashed).replaceAll(/[^\s"'`()]+\/[^\s"'`():]+/g, (found) =>
        /^(?:file:|node:|https?:|\[)/.test(found) ? found : path(found),
      );
    },
  };
}

/** What is made of letters by the dozen is a token, a hash or a key. */
function hideTokens(text: string): string {
  return text
    .replaceAll(/\b(Bearer|Basic) [\w.~+/=-]+/g, "$1 [hidden]")
    .replaceAll(/[\w-]{40,}(?:\.[\w-]+)*/g, "[hidden]")
    .replaceAll(/(:\/\/)[^/\s@]+@/g, "$1[hidden]@");
}

function isPlain(name: string): boolean {
  return name === "" || name === "." || name === ".." || name === ".satchel" || /^\[.*\]$/.test(name);
}

/** The ending stays: what kind of file it is may matter. */
function hashName(key: Uint8Array, name: string): string {
  const ending = /\.[a-z\d]{1,5}$/i.exec(name)?.[0] ?? "";
  return `n${createHmac("sha256", key).update(name).digest("hex").slice(0, 8)}${ending}`;
}

function byFirstWord(names: Iterable<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of names) {
    if (name.length < minNameLength) continue;
    const first = name.split(boundary, 1)[0] ?? "";
    found.set(first, [...(found.get(first) ?? []), name]);
  }
  for (const group of found.values()) group.sort((one, other) => other.length - one.length);
  return found;
}

/** Names may have spaces, so each place where one may begin is looked at. */
function replaceNames(text: string, names: ReadonlyMap<string, string[]>, hashed: (name: string) => string): string {
  let result = "";
  for (let at = 0; at < text.length;) {
    const isStart = at === 0 || boundary.test(text[at - 1] ?? "");
    const word = isStart ? (text.slice(at).split(boundary, 1)[0] ?? "") : "";
    const name = isStart ? names.get(word)?.find((each) => isWholeAt(text, at, each)) : undefined;
    const step = name ?? (word === "" ? (text[at] ?? "") : word);
    result += name === undefined ? step : hashed(name);
    at += step.length;
  }
  return result;
}

function isWholeAt(text: string, at: number, name: string): boolean {
  const end = at + name.length;
  return text.startsWith(name, at) && (end >= text.length || boundary.test(text[end] ?? ""));
}
