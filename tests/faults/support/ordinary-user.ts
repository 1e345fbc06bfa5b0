import type { Surroundings } from "../../e2e/support/device.ts";

/** Runs a process under the rights that files and folders give to their owner: root, as tests often are, would be let in everywhere. */
export const ordinaryUser: Surroundings =
  process.getuid?.() === 0 ? { prefix: ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] } : {};
