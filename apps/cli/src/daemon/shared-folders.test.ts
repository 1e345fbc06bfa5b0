import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mount } from "@satchel/engine";
import { makeWorkspaceId, type ShareRole, type SharesResponse } from "@satchel/protocol";
import { SharedFolders, type ShareEngine } from "./shared-folders.ts";

const workspaceId = makeWorkspaceId(new Uint8Array(10));
const mount: Mount = { workspaceId, path: "plans" };

/** Shared folders whose engines only note what is done with them. */
function open(role: ShareRole = "editor") {
  const seen: string[] = [];
  const current: { role: ShareRole | undefined; isGone: boolean; failures: Error[] } = {
    role,
    isGone: true,
    failures: [],
  };
  const shared = new SharedFolders({
    log: () => undefined,
    shares: async () =>
      ({
        shares: current.role === undefined ? [] : [{ workspace_id: workspaceId, role: current.role }],
        invitations: [],
      }) as unknown as SharesResponse,
    open: async ({ path }, { isViewOnly }) =>
      noteEngine(`${path}${isViewOnly ? " (view only)" : ""}`, seen, current.failures.shift()),
    forget: async ({ path }) => void seen.push(`forgot ${path}`),
    clear: async ({ path }) => {
      seen.push(`cleared ${path}`);
      return current.isGone;
    },
  });
  return { shared, seen, current };
}

function noteEngine(name: string, seen: string[], failure: Error | undefined): ShareEngine {
  const ended = Promise.withResolvers<void>();
  return {
    run: async (signal) => {
      seen.push(`runs ${name}`);
      if (failure) throw failure;
      signal.addEventListener("abort", () => ended.resolve());
      await ended.promise;
    },
    withdraw: async () => void seen.push(`withdrew ${name}`),
    shrink: () => undefined,
    openInEditors: () => [],
    status: () => ({
      state: "synced",
      pending: { uploads: 0, downloads: 0, bytes: 0 },
      issues: [{ path: "a.txt", code: "view_only", message: "." }],
    }),
    item: (path) => ({ path, state: "synced" }),
    // One that ended never answers.
    waitSynced: () => (failure ? new Promise(() => undefined) : Promise.resolve(true)),
    pause: () => void seen.push(`pauses ${name}`),
    resume: () => void seen.push(`goes on ${name}`),
    onEvent: () => undefined,
    close: async () => void seen.push(`closed ${name}`),
  };
}

test("[CL60] each mounted folder has an engine, which follows it to where it is moved, and ends when it is gone", async () => {
  const { shared, seen } = open();
  shared.placed([mount]);
  await shared.settled();
  shared.placed([mount]);
  shared.placed([{ workspaceId, path: "work/plans" }]);
  await shared.settled();
  assert.deepEqual(shared.at("work/plans/sub/a.txt")?.path, "sub/a.txt");
  assert.equal(shared.at("work/plans"), undefined);
  shared.placed([]);
  await shared.settled();
  assert.deepEqual(seen, ["runs plans", "closed plans", "runs work/plans", "closed work/plans"]);
  await shared.close();
});

test("[CL60] an engine begins anew when the role in its folder is another one, and ends when there is none", async () => {
  const { shared, seen, current } = open("viewer");
  shared.placed([mount]);
  await shared.settled();
  current.role = "editor";
  shared.placed([mount]);
  await shared.settled();
  current.role = undefined;
  shared.placed([mount]);
  await shared.settled();
  assert.deepEqual(seen, ["runs plans (view only)", "closed plans (view only)", "runs plans", "closed plans"]);
  await shared.close();
});

test("[CL60] a folder that is withdrawn is emptied by an engine that doesn't run", async () => {
  const { shared, seen, current } = open();
  shared.placed([mount]);
  await shared.settled();
  assert.equal(await shared.withdraw(mount), true);
  current.isGone = false;
  assert.equal(await shared.withdraw(mount), false);
  const ending = ["withdrew plans (view only)", "closed plans (view only)", "forgot plans", "cleared plans"];
  assert.deepEqual(seen, ["runs plans", "closed plans", ...ending, ...ending]);
  await shared.close();
});

test("[CL60] a mount that is not the folder of before is forgotten and begun anew, and any other failure is told of and tried again later", async () => {
  const { shared, seen, current } = open();
  current.failures = [Object.assign(new Error("replaced"), { code: "root_replaced" })];
  shared.placed([mount]);
  await shared.settled();
  await waitFor(() => seen.at(-1) === "runs plans" && seen.length > 1);
  assert.deepEqual(seen, ["runs plans", "closed plans", "forgot plans", "runs plans"]);
  assert.equal(shared.statuses().at(0)?.state, "synced");
  await shared.close();
  const other = open();
  other.current.failures = [new Error("it is broken")];
  other.shared.placed([mount]);
  await waitFor(() => other.shared.statuses().at(0)?.state === "error");
  assert.deepEqual(other.shared.statuses().at(0)?.issues, [
    { path: "plans", code: "sync_failed", message: "it is broken" },
  ]);
  await other.shared.close();
});

async function waitFor(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

test("[CL60] nobody waits for a shared folder whose engine ended", async () => {
  const { shared, current } = open();
  current.failures = [new Error("it is broken")];
  shared.placed([mount]);
  await shared.waitSynced();
  await waitFor(() => shared.statuses().at(0)?.state === "error");
  await shared.close();
});

test("[CL60] issues of a shared folder are told by their paths in the synced one, and pauses hold in all", async () => {
  const { shared, seen } = open();
  shared.pause();
  shared.placed([mount]);
  await shared.settled();
  shared.resume();
  assert.deepEqual(
    shared.statuses().flatMap(({ issues }) => issues.map(({ path }) => path)),
    ["plans/a.txt"],
  );
  await shared.close();
  assert.deepEqual(seen, ["pauses plans", "runs plans", "goes on plans", "closed plans"]);
});
