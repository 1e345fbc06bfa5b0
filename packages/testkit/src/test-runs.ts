/** How many times more than in the fast loop randomised tests try: `SATCHEL_TEST_EFFORT=20 npm test -- unit`. */
export const TEST_EFFORT_VARIABLE = "SATCHEL_TEST_EFFORT";

const MAX_EFFORT = 1_000_000;

/**
 * How many cases a randomised test tries: `quick` of them in the fast loop, and as many times more as the environment's
 * effort says.
 *
 * @throws RangeError when the effort is no whole number from 1 on
 */
export function testRuns(quick: number, env: Readonly<Record<string, string | undefined>> = process.env): number {
  const effort = Number(env[TEST_EFFORT_VARIABLE] ?? "1");
  if (!Number.isInteger(effort) || effort < 1 || effort > MAX_EFFORT) {
    throw new RangeError(`${TEST_EFFORT_VARIABLE} is a whole number from 1 to ${MAX_EFFORT}`);
  }
  return quick * effort;
}
