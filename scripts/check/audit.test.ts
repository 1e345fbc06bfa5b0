import assert from "node:assert/strict";
import { test } from "node:test";
import { readAudit } from "./audit.ts";

const answer = (vulnerabilities: Record<string, number>) =>
  JSON.stringify({ metadata: { vulnerabilities, dependencies: { total: 640 } } });

test("[RP19] known holes fail, and none is told with how much was looked at", () => {
  const none = { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: 0 };
  assert.deepEqual(readAudit(answer(none)), { kind: "clean", sentence: "no known hole in 640 packages" });
  const { kind, sentence } = readAudit(answer({ ...none, low: 1, critical: 2, total: 3 }));
  assert.equal(kind, "vulnerable");
  assert.match(sentence, /2 critical, 1 low/);
});

test("[RP19] a registry that doesn't answer is never taken for one that found nothing", () => {
  const refused = JSON.stringify({ message: "405 Method Not Allowed - POST https://registry/bulk", error: {} });
  assert.match(readAudit(refused).sentence, /could not be asked \(405 Method Not Allowed/);
  for (const output of [refused, "", "<html>", "null", "{}"])
    assert.equal(readAudit(output).kind, "unanswered", output);
});
