import assert from "node:assert/strict";
import { test } from "node:test";
import { idPartBytes, makeEntryId, makeWorkspaceId, rootEntryId } from "@satchel/protocol";
import { crossesBorder } from "./crosses-border.ts";

const part = (byte: number): Uint8Array => new Uint8Array(idPartBytes).fill(byte);
const [own, shared] = [makeWorkspaceId(part(1)), makeWorkspaceId(part(2))];

test("[WB13] what goes into a shared folder, or out of it, crosses a border, also when it is one among others", () => {
  const [a, b] = [{ id: makeEntryId(own, part(3)) }, { id: makeEntryId(shared, part(4)) }];
  assert.equal(crossesBorder([a], rootEntryId(own)), false);
  assert.equal(crossesBorder([b], rootEntryId(shared)), false);
  assert.equal(crossesBorder([a], rootEntryId(shared)), true);
  assert.equal(crossesBorder([b], rootEntryId(own)), true);
  assert.equal(crossesBorder([a, b], rootEntryId(own)), true);
});
