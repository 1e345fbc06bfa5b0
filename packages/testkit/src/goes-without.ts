/**
 * Whether this run was told to leave out the tests that need a service: `SATCHEL_TEST_WITHOUT=postgres` (a comma
 * list). Nothing else may leave tests out; a service that is merely missing fails them.
 */
export function goesWithout(service: "postgres", environment: NodeJS.ProcessEnv = process.env): boolean {
  const list = environment["SATCHEL_TEST_WITHOUT"] ?? "";
  return list.split(",").some((name) => name.trim() === service);
}
