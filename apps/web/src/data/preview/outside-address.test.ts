import assert from "node:assert/strict";
import { test } from "node:test";
import { outsideAddress } from "./outside-address.ts";

test("[WB8] links in files lead to the web and to mail, and run nothing", () => {
  assert.equal(outsideAddress("https://example.org/a?b"), "https://example.org/a?b");
  assert.equal(outsideAddress("mailto:ann@example.org"), "mailto:ann@example.org");
  const hostile = [
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
  ];
  for (const href of [...hostile, "blob:https://x", "file:///etc/passwd", "/files", "other.md", "//host/x"])
    assert.equal(outsideAddress(href), undefined, href);
});
