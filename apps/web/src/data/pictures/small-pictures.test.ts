import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import type { PictureSize, PictureWish } from "@satchel/api-client";
import type { EntryId } from "@satchel/protocol";
import { createSmallPictures } from "./small-pictures.ts";

const wishOf = (name: string, size: PictureSize = 256): PictureWish => ({ fileId: name as EntryId, size });

/** Pictures that arrive when the test says so; the time that scrolling has to rest for is the test's, too. */
function start(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked: string[] = [];
  const aborted: string[] = [];
  const dropped: string[] = [];
  const arriving = new Map<string, (picture: Uint8Array | undefined) => void>();
  const failing = new Map<string, (error: Error) => void>();
  const pictures = createSmallPictures({
    load: ({ fileId }, signal) => {
      asked.push(fileId);
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | undefined>();
      arriving.set(fileId, resolve);
      failing.set(fileId, reject);
      signal.addEventListener("abort", () => {
        aborted.push(fileId);
        reject(signal.reason as Error);
      });
      return promise;
    },
    makeAddress: (picture) => `blob:${picture.join()}`,
    dropAddress: (address) => dropped.push(address),
  });
  return {
    pictures,
    asked,
    aborted,
    dropped,
    want: (name: string, size?: PictureSize) => pictures.want(wishOf(name, size), () => undefined),
    rest: () => t.mock.timers.tick(1000),
    arrive: async (name: string, picture?: Uint8Array) => {
      arriving.get(name)?.(picture);
      await setImmediate();
    },
    fail: async (name: string) => {
      failing.get(name)?.(new Error("the server is busy"));
      await setImmediate();
    },
  };
}

test("[WB60] four pictures are loaded at a time, what came into sight last first", async (t) => {
  const { want, rest, asked, arrive } = start(t);
  for (const name of "abcdef") want(name);
  assert.deepEqual(asked, [], "what is scrolled past isn't asked for");
  rest();
  assert.deepEqual(asked, ["f", "e", "d", "c"]);
  await arrive("e");
  assert.deepEqual(asked.slice(4), ["b"]);
});

test("[WB60] what is scrolled away is not loaded, or no further, and makes room", async (t) => {
  const { want, rest, asked, aborted, pictures } = start(t);
  const leave = ["a", "b", "c", "d", "e", "f"].map((name) => want(name));
  rest();
  leave[0]?.();
  leave[5]?.();
  await setImmediate();
  assert.deepEqual([asked, aborted], [["f", "e", "d", "c", "b"], ["f"]]);
  assert.equal(pictures.known(wishOf("f")), undefined);
});

test("[WB60] a picture is loaded once for all that show it, and remembered; so is that there is none", async (t) => {
  const { want, rest, asked, arrive, pictures } = start(t);
  const [leave, leaveToo] = [want("a"), want("a")];
  want("none");
  rest();
  await arrive("a", Uint8Array.of(1, 2));
  await arrive("none");
  leave();
  leaveToo();
  assert.equal(pictures.known(wishOf("a")), "blob:1,2");
  assert.equal(pictures.known(wishOf("none")), null);
  want("a");
  rest();
  assert.deepEqual(asked, ["none", "a"]);
});

test("[WB60] of very many pictures those that were out of sight longest are forgotten, none that is shown", async (t) => {
  const { want, rest, arrive, dropped, pictures } = start(t);
  want("shown");
  rest();
  await arrive("shown", Uint8Array.of(0));
  for (let index = 1; index <= 410; index += 1) {
    const leave = want(`${index}`);
    rest();
    await arrive(`${index}`, Uint8Array.of(index % 256));
    leave();
  }
  assert.equal(pictures.known(wishOf("shown")), "blob:0");
  assert.equal(pictures.known(wishOf("410")), "blob:154");
  assert.equal(pictures.known(wishOf("1")), undefined);
  assert.equal(dropped[0], "blob:1");
});

test("[WB60] a picture that could not be had has an icon while it is in sight, and is asked for again when it comes back", async (t) => {
  const { want, rest, asked, arrive, fail, pictures } = start(t);
  const leave = want("a");
  rest();
  await fail("a");
  assert.equal(pictures.known(wishOf("a")), null);
  rest();
  leave();
  want("a");
  rest();
  assert.deepEqual(asked, ["a", "a"]);
  await arrive("a", Uint8Array.of(1));
  assert.equal(pictures.known(wishOf("a")), "blob:1");
});

test("[WB60] fewer large pictures are remembered than small ones", async (t) => {
  const { want, rest, arrive, dropped } = start(t);
  for (let index = 1; index <= 41; index += 1) {
    const leave = want(`${index}`, 1024);
    rest();
    await arrive(`${index}`, Uint8Array.of(index));
    leave();
  }
  assert.deepEqual(dropped, ["blob:1"]);
});
