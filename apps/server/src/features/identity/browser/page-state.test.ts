import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { systemHost } from "../../../system-host.ts";
import { createPageState } from "./page-state.ts";

test("[ID53] what one page hands to the next is read by this server only, for its purpose and its time, and unchanged", () => {
  let now = 1000;
  const host = { ...systemHost, nowMs: () => now };
  const state = createPageState({ key: randomBytes(32), host });
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, position) => {
      now = 1000;
      const written = state.write("this", value, 500);
      assert.deepEqual(state.read("this", written), JSON.parse(JSON.stringify(value)));
      assert.equal(state.read("that", written), undefined);
      assert.equal(createPageState({ key: randomBytes(32), host }).read("this", written), undefined);
      const at = position % written.length;
      const other = written[at] === "A" ? "B" : "A";
      const changed = Buffer.from(written.slice(0, at) + other + written.slice(at + 1), "base64url");
      if (!changed.equals(Buffer.from(written, "base64url")))
        assert.equal(state.read("this", changed.toString("base64url")), undefined);
      now = 1500;
      assert.equal(state.read("this", written), undefined);
    }),
  );
  for (const nothing of [undefined, "", "x", "A".repeat(5000)]) assert.equal(state.read("this", nothing), undefined);
});
