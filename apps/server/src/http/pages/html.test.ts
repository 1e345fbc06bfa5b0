import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { html } from "./html.ts";

test("[ID50] what is put into a page is text, whatever it holds", () => {
  const evil = `"><script>alert('1')</script>&`;
  assert.equal(
    html`<p title="${evil}">${[html`<b>${evil}</b>`, false, undefined]}</p>`.markup.match(/[<>]/g)?.length,
    8,
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.doesNotMatch(html`${text}`.markup, /[<>"']/);
    }),
  );
});
