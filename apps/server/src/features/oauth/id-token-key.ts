import { createECDH, hkdfSync } from "node:crypto";

/** The order of the curve P-256, from which a private key has to be smaller. */
const orderBytes = Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex");
const maxTries = 100;

/** The key pair that signs ID tokens, as a JWK. It is a function of the server's key, so that all processes have the same and nothing more has to be kept. */
export function idTokenKey(seed: Uint8Array) {
  const privateBytes = privateKey(seed);
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(privateBytes);
  const point = curve.getPublicKey();
  const x = point.subarray(1, 33).toString("base64url");
  const y = point.subarray(33).toString("base64url");
  // Not what the curve gives back: it leaves out zero bytes at the front, and RFC 7518, section 6.2.2.1, wants all 32.
  const d = privateBytes.toString("base64url");
  return { kty: "EC", crv: "P-256", alg: "ES256", use: "sig", x, y, d };
}

/** Nearly every 32 bytes are a private key; the next ones, if these are not. */
function privateKey(seed: Uint8Array): Buffer {
  for (let i = 0; i < maxTries; i += 1) {
    const bytes = Buffer.from(hkdfSync("sha256", seed, "satchel", `id token key ${i}`, 32));
    if (bytes.compare(orderBytes) < 0 && bytes.some((byte) => byte !== 0)) return bytes;
  }
  throw new Error("no private key can be made of the server's key");
}
