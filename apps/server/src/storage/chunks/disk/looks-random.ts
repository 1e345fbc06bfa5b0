/** How many bytes are looked at, and in how many places of the chunk, so that a head of text doesn't speak for a body that isn't. */
const maxSampleBytes = 1024;
const samplePlaces = 8;
/** Of fewer bytes chance tells more than they do. */
const minBytes = 256;

/**
 * A sample whose byte values coincide less often than this times what random bytes do is taken for random. Compressed, encrypted and media data lie at 0.9 to 1.2;
 * base64 at 4, text and code above 10.
 */
const randomBelow = 1.3;

const counts = new Uint16Array(256);

/**
 * Whether bytes look as if nothing could compress them, by the index of coincidence of a sample (Friedman 1922): some microseconds, where setting
 * up a compressor takes seventy. Data of evenly spread values in a pattern is mistaken for random: it is stored as it is then.
 */
export function looksRandom(bytes: Uint8Array): boolean {
  if (bytes.length < minBytes) return false;
  const placeBytes = Math.floor(Math.min(maxSampleBytes, bytes.length) / samplePlaces);
  counts.fill(0);
  for (let place = 0; place < samplePlaces; place += 1) {
    const from = Math.floor((place * (bytes.length - placeBytes)) / (samplePlaces - 1));
    for (let at = from; at < from + placeBytes; at += 1) counts[bytes[at] as number]! += 1;
  }
  let pairs = 0;
  for (const count of counts) pairs += count * (count - 1);
  const sampled = placeBytes * samplePlaces;
  return pairs < ((sampled * (sampled - 1)) / 256) * randomBelow;
}
