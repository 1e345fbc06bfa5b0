import assert from "node:assert/strict";
import { test } from "node:test";
import { nameSkeleton } from "./name-skeleton.ts";

test("[ID1] names that look alike have one skeleton, others have their own", () => {
  const alike = [
    ["paul", "PAUL"],
    ["paul", "pau1"],
    ["bill", "BiIl"],
    ["bill", "blll"],
    ["root", "r00t"],
    ["tom", "torn"],
    ["wolf", "vvo1f"],
  ] as const;
  for (const [one, other] of alike) assert.equal(nameSkeleton(one), nameSkeleton(other), `${one} ${other}`);
  const names = ["paul", "paula", "pa.ul", "pa_ul", "pa-ul", "p2ul", "ann", "anna", "tom", "tim"];
  assert.equal(new Set(names.map(nameSkeleton)).size, names.length);
});
