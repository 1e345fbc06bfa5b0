import assert from "node:assert/strict";
import { test } from "node:test";
import type { SyncProgress } from "../daemon/sync-report.ts";
import { fakeTerminal } from "./fake-terminal.fixture.ts";
import { humanPresenter, jsonPresenter } from "./sync-presenter.ts";

const synced: SyncProgress = {
  state: "synced",
  folder: "/home/ada/Satchel",
  server: "http://server",
  user: "ada",
  pending: { uploads: 0, downloads: 0, bytes: 0 },
  issues: [],
};

test("[CL21] states and issues are said once, when they change", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const lines: string[] = [];
  const terminal = fakeTerminal();
  const presenter = humanPresenter((line) => lines.push(line), terminal);
  let report = synced;
  presenter.onReady(() => report);
  const happen = (next: SyncProgress): void => {
    report = next;
    presenter.onEvent({ event: "state" });
    t.mock.timers.tick(1000);
  };
  const issue = { path: "a\u001bb", code: "name_not_possible", message: "This system can't hold the name." };
  happen({ ...synced, state: "syncing" });
  happen({ ...synced, state: "syncing", issues: [issue] });
  happen({ ...synced, issues: [issue] });
  happen(synced);
  happen({ ...synced, issues: [issue] });
  presenter.close();
  assert.deepEqual(lines, [
    "/home/ada/Satchel is kept the same as ada's folder at http://server.",
    "Everything is in sync.",
    "Synchronising …",
    "a\\u001bb: This system can't hold the name. (name_not_possible)",
    "Everything is in sync.",
    "a\\u001bb: This system can't hold the name. (name_not_possible)",
  ]);
  assert.deepEqual(terminal.drawn, []);
});

test("[CL21] on a terminal progress is drawn while there is something to do", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const terminal = fakeTerminal({ canRedraw: true });
  const presenter = humanPresenter((line) => terminal.note(line), terminal);
  let bytes = 3_000_000;
  presenter.onReady(() => ({
    ...synced,
    state: bytes > 0 ? "syncing" : "synced",
    pending: { uploads: bytes > 0 ? 1 : 0, downloads: 0, bytes },
  }));
  while (bytes > 0) {
    bytes -= 1_000_000;
    t.mock.timers.tick(250);
  }
  t.mock.timers.tick(60_000);
  assert.deepEqual(terminal.drawn, [
    "↑ 1 file · 0 B of 3.00 MB (0 %)",
    "↑ 1 file · 1.00 MB of 3.00 MB (33 %) · 4.00 MB/s · 1 s left",
    "↑ 1 file · 2.00 MB of 3.00 MB (66 %) · 4.00 MB/s · 0 s left",
    "",
  ]);
  presenter.close();
});

test("[CL5] with --json each event is a line, and nothing else is", () => {
  const terminal = fakeTerminal();
  const presenter = jsonPresenter(terminal);
  presenter.onReady(() => synced);
  presenter.onEvent({ event: "state", state: "syncing" });
  presenter.close();
  assert.deepEqual(
    terminal.out.map((line) => JSON.parse(line) as unknown),
    [
      { event: "ready", folder: synced.folder, server: synced.server, user: synced.user },
      { event: "state", state: "syncing" },
    ],
  );
  assert.deepEqual(terminal.notes, []);
});
