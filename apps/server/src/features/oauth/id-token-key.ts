import { createECDH, hkdfSync } from "node:crypto";

/** The order of the curve P-256, from which a private key has to be smaller. */
const orderBytes = Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex");
const maxTries = 100;

/** The key pair that signs ID tokens, as a JWK. It is a function of the server's key, so that all processes have the same and nothing more has to be kept. */
export function idTokenKey(seed: Uint8Array) {
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(privateKey(seed));
  const point = curve.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString("base64url"));
  const d = curve.getPrivateKey().toString("base64url").padStart(43, "A");
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
