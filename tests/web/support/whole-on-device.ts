import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { WebWorld } from "./web-app.ts";

/** Fetches a file with a device of its own. @throws unless it has this SHA-256 */
export async function expectWholeOnDevice(world: WebWorld, name: string, sha256: string): Promise<void> {
  const device = await world.signInDevice();
  await device.satchel(["sync", device.folder, "--once"], { timeoutMs: 180_000 });
  const hash = createHash("sha256");
  await pipeline(createReadStream(join(device.folder, name)), hash);
  assert.equal(hash.digest("hex"), sha256);
}
