import type { ReactNode } from "react";

interface FoundNameProps {
  readonly name: string;
  /** UTF-16 offsets, in order and apart. */
  readonly found: readonly (readonly [number, number])[];
}

/** A name, or a piece of a text, with the parts marked that were found. */
export function FoundName({ name, found }: FoundNameProps): ReactNode {
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const [from, to] of found) {
    pieces.push(name.slice(at, from), <mark key={from}>{name.slice(from, to)}</mark>);
    at = to;
  }
  return (
    <bdi>
      {pieces}
      {name.slice(at)}
    </bdi>
  );
}
