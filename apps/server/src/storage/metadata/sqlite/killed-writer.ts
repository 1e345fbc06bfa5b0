import { WorkspaceFixture } from "../contract/workspace-fixture.ts";
import { openSqliteMetadataStore } from "./open-sqlite-store.ts";

/** For a test: commits folders to the database that its argument names, telling its parent process of each that was answered, until it is killed. */
const [, , path = ""] = process.argv;
const ws = await WorkspaceFixture.create(await openSqliteMetadataStore({ path }));
for (;;) {
  const id = ws.newId();
  const { sequence } = await ws.done({ op: "create_folder", id, parent_id: ws.root, name: id });
  process.send?.({ workspaceId: ws.workspaceId, id, sequence });
}
