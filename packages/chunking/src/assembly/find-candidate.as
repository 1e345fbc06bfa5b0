// AssemblyScript (the name keeps TypeScript tools away): compiled by generate-scan-module.ts into src/cut/scan-module.ts. The JavaScript twin is in src/cut/scanner.ts;
// both must find the same positions.
//
// The caller owns the whole memory: the gear table (256 u32, little-endian) lies at address 0.

/** Bytes that one hash value depends on: older ones have been shifted out of its 32 bits. */
const WINDOW: usize = 32;

@inline
function roll(hash: u32, address: usize): u32 {
  return (hash << 1) + load<u32>(<usize>load<u8>(address) << 2);
}

/**
 * The first address in [from, to] whose preceding 32 bytes hash below `threshold`, or -1.
 * Reads from `from - 32`. Four steps a turn: the loop's own cost is a third of the time otherwise.
 */
export function findCandidate(from: usize, to: usize, threshold: u32): i32 {
  let hash: u32 = 0;
  for (let warm = from - WINDOW; warm < from; warm++) hash = roll(hash, warm);
  if (hash < threshold) return <i32>from;

  let at = from;
  while (at + 4 <= to) {
    hash = roll(hash, at);
    if (hash < threshold) return <i32>(at + 1);
    hash = roll(hash, at + 1);
    if (hash < threshold) return <i32>(at + 2);
    hash = roll(hash, at + 2);
    if (hash < threshold) return <i32>(at + 3);
    hash = roll(hash, at + 3);
    at += 4;
    if (hash < threshold) return <i32>at;
  }
  while (at < to) {
    hash = roll(hash, at);
    at++;
    if (hash < threshold) return <i32>at;
  }
  return -1;
}
