import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { AnswerWatch } from "./answer-watch.ts";

function watch(context: TestContext): { watch: AnswerWatch; gaveUp: () => number } {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let times = 0;
  return { watch: new AnswerWatch(1000, () => (times += 1)), gaveUp: () => times };
}

test("[MD99] who owes nothing may be silent", (context) => {
  const silent = watch(context);
  context.mock.timers.tick(5000);
  assert.equal(silent.gaveUp(), 0);
});

test("[MD99] each answer gives the next one its whole time; then who is silent is given up", async (context) => {
  const talking = watch(context);
  const [first, second] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
  const answers = [talking.watch.during(first.promise), talking.watch.during(second.promise)];
  context.mock.timers.tick(900);
  first.resolve(1);
  assert.equal(await answers[0], 1);
  context.mock.timers.tick(900);
  assert.equal(talking.gaveUp(), 0);
  context.mock.timers.tick(100);
  assert.equal(talking.gaveUp(), 1);
  second.resolve(2);
  assert.equal(await answers[1], 2);
});

test("[MD99] a pause between questions is not held against the next one", async (context) => {
  const pausing = watch(context);
  assert.equal(await pausing.watch.during(Promise.resolve(1)), 1);
  context.mock.timers.tick(5000);
  const late = Promise.withResolvers<number>();
  const answer = pausing.watch.during(late.promise);
  context.mock.timers.tick(999);
  assert.equal(pausing.gaveUp(), 0);
  late.resolve(2);
  assert.equal(await answer, 2);
});

test("[MD99] nobody is given up once the watch has ended", async (context) => {
  const ended = watch(context);
  const never = Promise.withResolvers<number>();
  const answer = ended.watch.during(never.promise);
  ended.watch[Symbol.dispose]();
  context.mock.timers.tick(5000);
  assert.equal(ended.gaveUp(), 0);
  never.resolve(1);
  await answer;
});
