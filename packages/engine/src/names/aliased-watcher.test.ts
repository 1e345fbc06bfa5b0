import assert from "node:assert/strict";
import { test } from "node:test";
import type { OnHint, Watcher } from "../ports/watcher.ts";
import { AliasBook } from "./alias-book.ts";
import { aliasOf } from "./alias-name.ts";
import { aliasedWatcher } from "./aliased-watcher.ts";
import { windowsNames } from "./name-rules.ts";

const [alias, other] = [aliasOf("C", windowsNames, 2) ?? "", aliasOf("c", windowsNames, 2) ?? ""];

test("[NM25] an alias that is given a name of what is beside it has everything looked at", async () => {
  const { told, hint } = await watch();
  hint([`d/${alias}`, `d/${other}`]);
  assert.deepEqual(told, [["d/C", "d/c"], undefined]);
});

test("[NM25] what is told of an alias that is known, or of a plain name, is looked at alone", async () => {
  const { told, hint } = await watch();
  hint([`d/${alias}`, "d/c", "d/new"]);
  assert.deepEqual(told, [["d/C", "d/c", "d/new"]]);
});

/** A disk with Windows' rules on which `d/C` is known by an alias, beside `d/c`. */
async function watch() {
  const book = new AliasBook();
  book.rules = windowsNames;
  book.note("d/C", alias);
  const told: (readonly string[] | undefined)[] = [];
  let hint: OnHint = () => assert.fail("nobody watches");
  const watcher: Watcher = {
    start: (onHint) => {
      hint = onHint;
      return Promise.resolve({ mode: "watching" });
    },
    stop: () => Promise.resolve(),
  };
  await aliasedWatcher(watcher, book).start(
    (paths) => told.push(paths),
    () => undefined,
  );
  return { told, hint: (paths: readonly string[]) => hint(paths) };
}
