import { applyLocal } from "../apply/local-operations.ts";
import { recoverLimbo } from "../apply/recover-limbo.ts";
import type { EngineParts } from "../run/parts.ts";

/** Takes off the disk what is safe on the server, after a last look at everything. What isn't stays. @throws RootChangedError */
export async function withdrawAll(parts: EngineParts): Promise<void> {
  const { root, state, scanner } = parts;
  await root.open();
  await recoverLimbo(parts);
  await parts.reloadIgnoreRules();
  await scanner.scanAll();
  for (const { id } of state.local.children(state.rootId)) await applyLocal(parts, { do: "delete_local", id });
  await parts.keep();
}
