import assert from "node:assert/strict";
import { test } from "node:test";
import { DiskError } from "../ports/disk.ts";
import { statOrUnknown } from "./stat-or-unknown.ts";

test("[NM22] of what has too long a path to be asked for nothing is concluded", async () => {
  const tooLong = { stat: () => Promise.reject(new DiskError("too_long", "n/n", "too long")) };
  assert.equal(await statOrUnknown(tooLong, "n/n"), "unknown");
  assert.equal(await statOrUnknown({ stat: () => Promise.resolve(undefined) }, "a"), undefined);
});

test("[EN8] a failure that may pass is left to whoever looks again", async () => {
  const failing = { stat: () => Promise.reject(new DiskError("failed", "a", "EIO")) };
  await assert.rejects(statOrUnknown(failing, "a"), /EIO/);
});
