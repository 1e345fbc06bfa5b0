import { ProblemError } from "@satchel/protocol";
import type { Contents } from "../work/contents.ts";
import type { History } from "../work/history.ts";
import type { Operation } from "../work/operations.ts";
import type { SimDevice } from "./sim-device.ts";
import type { SimServer } from "./sim-server.ts";
import type { Trace } from "./trace.ts";

/** Somebody takes an old version, or something deleted, back at the server. */
export async function restoreSomething(scene: {
  readonly server: SimServer;
  readonly device: SimDevice;
  readonly history: History;
  readonly contents: Contents;
  readonly trace: Trace;
  readonly operation: Operation;
}): Promise<void> {
  const { server, device, history, contents, trace, operation } = scene;
  const versions = history.versions();
  const version = versions[operation.draw % Math.max(1, versions.length)];
  if (!version || !server.core) return;
  const replaced = await server.metadata.tree.findEntry(version.id);
  const wantsVersion = operation.draw % 3 !== 0;
  try {
    await server.core.restore.restore(device.caller, {
      id: version.id,
      versionId: wantsVersion ? version.versionId : undefined,
      at: undefined,
      repeatable: undefined,
    });
  } catch (error) {
    if (error instanceof ProblemError) return;
    throw error;
  }
  trace.add("server", `takes back ${version.versionId.slice(-6)}`);
  if (!wantsVersion || !replaced || replaced.entry.version_hash === null) return;
  contents.released(await history.key(server, replaced.entry.version_hash, replaced.packedChunks));
}
