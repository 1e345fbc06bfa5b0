import { test } from "node:test";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture } from "./support/browser.ts";
import { expectFitting } from "./support/fitting.ts";
import { startWebWorld } from "./support/web-app.ts";

test("[W32] the bell tells as it happens, notices lead to what they are about, and a kind that is turned off is told no more", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  await page.getByRole("link", { name: "Notices", exact: true }).waitFor();
  const tree = await world.api();
  await page.getByRole("link", { name: "Notices: 1 unread" }).click();
  const list = page.getByRole("list", { name: "What happened" });
  await list.getByText("New sign-in: the test itself").waitFor();
  await keepPicture(page, "notices-light");
  await expectAccessible(page, "notices");
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await page.getByRole("link", { name: "Notices", exact: true }).waitFor();

  const [id, folder] = [tree.newId(), { parent_id: tree.root }];
  await tree.commit([
    { op: "create_folder", id, ...folder, name: "plans" },
    { op: "create_folder", id: tree.newId(), ...folder, name: "plans (Conflicted copy)", conflict_of: id },
  ]);
  await list.getByText("“plans (Conflicted copy)” is in conflict").waitFor();
  await page.getByRole("link", { name: "Look: “plans (Conflicted copy)” is in conflict" }).click();
  await page.getByRole("heading", { name: "Conflicts" }).waitFor();
  await page.getByRole("link", { name: "Notices", exact: true }).click();
  await page.getByRole("checkbox", { name: "Conflicts that wait" }).click();
  // Only what the server has taken shows as chosen.
  const isOff = page.getByRole("checkbox", { name: "Conflicts that wait", checked: false });
  await isOff.waitFor();
  await page.reload();
  await isOff.waitFor();

  const phone = await world.open({ width: 320, height: 640, theme: "dark", language: "de-DE", at: "/notices" });
  await phone.getByRole("list", { name: "Was geschehen ist" }).getByText("ist in Konflikt").waitFor();
  await keepPicture(phone, "notices-320");
  await expectFitting(phone);
  await expectAccessible(phone, "notices on a phone");
});
