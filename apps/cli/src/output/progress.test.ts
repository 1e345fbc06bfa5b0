import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgressMeter } from "./progress.ts";

test("[CL21] the line tells files, bytes, rate and time left", () => {
  const meter = new ProgressMeter();
  assert.equal(
    meter.observe(0, { uploads: 2, downloads: 1, bytes: 10_000_000 }),
    "↑ 2 files · ↓ 1 file · 0 B of 10.0 MB (0 %)",
  );
  assert.equal(
    meter.observe(1000, { uploads: 1, downloads: 1, bytes: 8_000_000 }),
    "↑ 1 file · ↓ 1 file · 2.00 MB of 10.0 MB (20 %) · 2.00 MB/s · 4 s left",
  );
});

test("[CL21] the rate moves calmly towards what is carried now", () => {
  const meter = new ProgressMeter();
  let left = 100_000_000;
  meter.observe(0, { uploads: 1, downloads: 0, bytes: left });
  const rates: number[] = [];
  for (let second = 1; second <= 20; second++) {
    left -= second <= 10 ? 4_000_000 : 1_000_000;
    const line = meter.observe(second * 1000, { uploads: 1, downloads: 0, bytes: left });
    rates.push(Number(/([\d.]+) MB\/s/.exec(line)?.[1]));
  }
  assert.equal(rates[9], 4);
  assert.ok(
    rates.slice(10).every((rate, i) => rate < (rates[i + 9] ?? 0)),
    rates.join(" "),
  );
  assert.ok((rates[10] ?? 0) > 3 && (rates[19] ?? 9) < 1.5, rates.join(" "));
});

test("[CL21] work that is found on the way grows the total and is no step back", () => {
  const meter = new ProgressMeter();
  meter.observe(0, { uploads: 1, downloads: 0, bytes: 1000 });
  meter.observe(1000, { uploads: 1, downloads: 0, bytes: 500 });
  assert.match(meter.observe(2000, { uploads: 2, downloads: 0, bytes: 1500 }), /500 B of 2\.00 kB \(25 %\)/);
});

test("[CL21] when nothing is to be done there is no line, and the next work begins at zero", () => {
  const meter = new ProgressMeter();
  meter.observe(0, { uploads: 1, downloads: 0, bytes: 1000 });
  assert.equal(meter.observe(1000, { uploads: 0, downloads: 0, bytes: 0 }), "");
  assert.equal(meter.observe(2000, { uploads: 0, downloads: 1, bytes: 50 }), "↓ 1 file · 0 B of 50 B (0 %)");
});

test("work without bytes is told by its files alone, and no time is divided by", () => {
  const meter = new ProgressMeter();
  assert.equal(meter.observe(5, { uploads: 3, downloads: 0, bytes: 0 }), "↑ 3 files");
  assert.equal(meter.observe(5, { uploads: 2, downloads: 0, bytes: 0 }), "↑ 2 files");
});

test("[CL21] a large file moves the line before it is whole, and never past the end", () => {
  const meter = new ProgressMeter();
  const pending = { uploads: 1, downloads: 0, bytes: 10_000_000 };
  assert.match(meter.observe(0, pending, 5_000_000), /0 B of 10\.0 MB \(0 %\)$/);
  assert.match(meter.observe(1000, pending, 7_000_000), /2\.00 MB of 10\.0 MB \(20 %\) · 2\.00 MB\/s · 4 s left$/);
  assert.match(meter.observe(2000, pending, 19_000_000), /10\.0 MB of 10\.0 MB \(100 %\)/);
  assert.equal(meter.observe(3000, { uploads: 0, downloads: 0, bytes: 0 }, 19_000_000), "");
  assert.match(meter.observe(4000, pending, 19_000_000), /0 B of 10\.0 MB/);
});
