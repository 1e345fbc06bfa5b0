import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { temporaryDirectory } from "@satchel/testkit";
import { fakeContext, runClient } from "./fake-context.fixture.ts";
import { manualPage } from "./manual.ts";

test("[CL82] the manual has every command with its options", async (t) => {
  const directory = await temporaryDirectory("manual");
  t.after(() => directory.remove());
  const context = fakeContext(directory.path);
  assert.equal(await runClient(["manual"], context), 0);
  const page = context.terminal.out.join("\n");
  for (const heading of [String.raw`.SS satchel sync`, String.raw`.SS satchel login`, ".SH EXIT STATUS"])
    assert.ok(page.includes(heading), heading);
  assert.match(page, /\.B \\-\\-once/);
});

test("[CL82] nothing that a command says of itself is taken for a request of the formatter's", () => {
  const program = new Command("satchel").description("keeps");
  program.command("odd").description(".so /etc/passwd\n'ig a\\b");
  const page = manualPage(program, "1");
  assert.doesNotMatch(page, /^(\.so|'ig)/m);
  assert.ok(page.includes(String.raw`a\eb`));
});
