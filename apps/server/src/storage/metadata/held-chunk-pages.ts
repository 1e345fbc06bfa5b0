import type { ChunkHash } from "@satchel/protocol";
import { eachWorkspace } from "./each-workspace.ts";
import type { MaintenanceStore } from "./maintenance-store.ts";

type HeldChunks = Awaited<ReturnType<MaintenanceStore["listHeldChunks"]>>;

/** Everything that any workspace holds, also what no version refers to yet: workspace by workspace, in pages of at most `pageSize` chunks, none of them empty. */
export async function* heldChunkPages(maintenance: MaintenanceStore, pageSize: number): AsyncGenerator<HeldChunks> {
  for await (const workspaceId of eachWorkspace(maintenance)) {
    for (let after: ChunkHash | undefined; ;) {
      const page = await maintenance.listHeldChunks({ workspaceId, after, limit: pageSize });
      if (page.length > 0) yield page;
      after = page.at(-1)?.hash;
      if (page.length < pageSize) break;
    }
  }
}
