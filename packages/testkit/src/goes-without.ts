/**
 * Whether this run was told to leave out the tests that need a service, or the right to mount a disk: `SATCHEL_TEST_WITHOUT=postgres,mount` (a comma
 * list). Nothing else may leave tests out; a service that is merely missing fails them.
 */
export function goesWithout(service: "postgres" | "mount", environment: NodeJS.ProcessEnv = process.env): boolean {
  const list = environment["SATCHEL_TEST_WITHOUT"] ?? "";
  return list.split(",").some((name) => name.trim() === service);
}
