/**
 * Prints what a check found and sets the exit code. A check that saw less than it must is broken, however clean its
 * result: it fails too.
 */
export function report(check: {
  name: string;
  saw: number;
  atLeast: number;
  unit: string;
  problems: readonly string[];
}): void {
  const { name, saw, atLeast, unit, problems } = check;
  const tooFew = saw < atLeast ? [`saw ${saw} ${unit}, expected ${atLeast} or more: the check itself is broken`] : [];
  const all = [...problems, ...tooFew];
  for (const problem of all) console.error(`${name}: ${problem}`);
  if (all.length > 0) process.exitCode = 1;
  else console.log(`${name}: ${saw} ${unit}, all well`);
}
