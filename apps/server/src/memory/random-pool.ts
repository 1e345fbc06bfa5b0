import { randomBytes } from "node:crypto";

/** So many bytes are drawn at one time: a draw costs some 10 µs, whatever it is of. */
const poolBytes = 4096;

/** Random bytes for cryptographic use, many calls for one draw. No byte is given twice, and what was given is nobody else's. */
export function randomPool(): (count: number) => Uint8Array {
  let pool = new Uint8Array();
  return (count) => {
    if (count > poolBytes) return randomBytes(count);
    if (count > pool.length) pool = randomBytes(poolBytes);
    const given = pool.subarray(0, count);
    pool = pool.subarray(count);
    return given;
  };
}
