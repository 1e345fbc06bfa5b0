/** Something that must always hold did not: what the simulation is there to find. */
export class BrokenPromiseError extends Error {
  override readonly name = "BrokenPromiseError";
}
