import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { MemoryKeeper } from "./give-back-memory.ts";

const mebibyte = 1024 * 1024;

function open(context: TestContext) {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const used = { bytes: 100 * mebibyte, collections: 0, looks: 0, shrunk: 0 };
  const keeper = new MemoryKeeper({
    residentBytes: () => used.bytes,
    shrink: () => {
      used.shrunk += 1;
    },
    collect: () => {
      used.collections += 1;
      used.bytes = 110 * mebibyte;
    },
    limitGrowth: () => {
      used.looks += 1;
    },
  });
  return { used, keeper, wait: (ms: number) => context.mock.timers.tick(ms) };
}

test("what a burst took is given back once, when nothing has happened for some seconds", (context) => {
  const { used, keeper, wait } = open(context);
  keeper.setBusy(true);
  used.bytes = 300 * mebibyte;
  wait(60_000);
  keeper.setBusy(false);
  wait(2000);
  assert.equal(used.collections, 0);
  wait(2000);
  assert.equal(used.collections, 1);
  keeper.setBusy(false);
  wait(60_000);
  assert.equal(used.collections, 1);
});

test("what loading the program took is given back at the first rest", (context) => {
  const { used, keeper, wait } = open(context);
  keeper.setBusy(false);
  wait(60_000);
  assert.equal(used.collections, 1);
});

test("[EN115] what is kept at hand for more to do is let go of after some seconds of rest, however little it is, and not between two changes", (context) => {
  const { used, keeper, wait } = open(context);
  for (let change = 0; change < 5; change += 1) {
    keeper.setBusy(true);
    wait(1000);
    keeper.setBusy(false);
    wait(2000);
  }
  assert.equal(used.shrunk, 0);
  wait(2000);
  assert.equal(used.shrunk, 1);
});

test("small changes collect nothing, and neither does a keeper that was closed", (context) => {
  const { used, keeper, wait } = open(context);
  keeper.setBusy(false);
  wait(60_000);
  used.bytes += mebibyte;
  keeper.setBusy(false);
  wait(60_000);
  used.bytes += 100 * mebibyte;
  keeper.setBusy(false);
  keeper.close();
  wait(60_000);
  assert.equal(used.collections, 1);
});

test("how much the heap may grow is looked after while something happens, and no longer", (context) => {
  const { used, keeper, wait } = open(context);
  keeper.setBusy(true);
  wait(1000);
  assert.equal(used.looks, 4);
  keeper.setBusy(false);
  wait(60_000);
  keeper.setBusy(true);
  keeper.close();
  wait(60_000);
  assert.equal(used.looks, 4);
});

test("how much the heap may grow is looked after from the start on, before anything is told", (context) => {
  const { used, keeper, wait } = open(context);
  wait(1000);
  assert.equal(used.looks, 4);
  keeper.setBusy(false);
  wait(60_000);
  assert.equal(used.looks, 4);
});
