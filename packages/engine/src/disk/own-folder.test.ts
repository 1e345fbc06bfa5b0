import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeviceFolderName } from "@satchel/protocol";
import { ownFolder } from "./own-folder.ts";

test("[MD29] the engine's own folder has the name that the server gives to no entry of the root", () => {
  assert.equal(isDeviceFolderName(ownFolder), true);
});
