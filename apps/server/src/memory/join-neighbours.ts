/** Views of one buffer that follow on each other made one, in order: each view costs its own call, or its place in a list of the kernel's. */
export function joinNeighbours(views: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  for (const view of views) {
    const last = joined.at(-1);
    if (last?.buffer === view.buffer && last.byteOffset + last.byteLength === view.byteOffset)
      joined[joined.length - 1] = new Uint8Array(last.buffer, last.byteOffset, last.byteLength + view.byteLength);
    else joined.push(view);
  }
  return joined;
}
