import { hash } from "node:crypto";

/** What the server keeps of a secret that it made itself. Such a secret has 256 random bits, so that a plain hash is enough. */
export function secretHash(secret: string): string {
  return hash("sha256", secret, "hex");
}
