/** More files of one name than anybody will have. */
const maxNumbers = 1000;

/** Names for a conflicted copy that is to be an ordinary file: without the mark, and then `STEM (2).EXT` and so on. */
export function* plainNames(copyName: string): Iterable<string> {
  const found = /^(?<stem>.*) \(Conflicted copy(?: \d+)?\)(?<extension>(?:\.[^.]*)?)$/s.exec(copyName);
  const { stem = copyName, extension = "" } = found?.groups ?? {};
  if (found) yield stem + extension;
  for (let number = 2; number <= maxNumbers; number += 1) yield `${stem} (${number})${extension}`;
}
