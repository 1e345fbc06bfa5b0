import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetadataStore } from "../metadata-store.ts";

/** Rules of leases. */
export function leasesContract(getStore: () => MetadataStore): void {
  test("[MD90] one process has a lease, until it gives it back or lets it run out; it may prolong it", async () => {
    const { leases } = getStore();
    const take = (holder: string, nowMs: number) => leases.take({ name: "job", holder, nowMs, forMs: 100 });
    assert.deepEqual([await take("a", 0), await take("b", 99)], [true, false]);
    assert.deepEqual([await take("a", 90), await take("b", 150), await take("b", 190)], [true, false, true]);
    assert.equal(await take("a", 200), false);
    await leases.release({ name: "job", holder: "a" });
    assert.equal(await take("a", 200), false);
    await leases.release({ name: "job", holder: "b" });
    assert.equal(await take("a", 200), true);
    assert.equal(await leases.take({ name: "other job", holder: "b", nowMs: 0, forMs: 1 }), true);
  });

  test("[MD90] of many that ask for a lease at once one gets it", async () => {
    const { leases } = getStore();
    const asked = Array.from({ length: 8 }, (_, nth) =>
      leases.take({ name: "wanted", holder: `${nth}`, nowMs: 0, forMs: 100 }),
    );
    assert.equal((await Promise.all(asked)).filter(Boolean).length, 1);
  });
}
