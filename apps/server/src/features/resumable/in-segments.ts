/** Reads pieces in segments of `segmentBytes`, the last one shorter, of which none is begun before the one before it was read to its end. Segments are read, not kept: only a piece is in memory. */
export async function* inSegments(
  pieces: AsyncIterable<Uint8Array>,
  segmentBytes: number,
): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const source = pieces[Symbol.asyncIterator]();
  let waiting = await source.next();
  async function* segment(): AsyncGenerator<Uint8Array> {
    for (let roomBytes = segmentBytes; roomBytes > 0 && !waiting.done;) {
      const piece = waiting.value;
      const taken = piece.subarray(0, roomBytes);
      roomBytes -= taken.length;
      waiting =
        taken.length < piece.length ? { done: false, value: piece.subarray(taken.length) } : await source.next();
      yield taken;
    }
  }
  while (!waiting.done) yield segment();
}
