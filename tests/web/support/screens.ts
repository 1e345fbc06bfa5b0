import type { Page } from "playwright-core";
import { row } from "./web-app.ts";

/** A screen of the demo account. */
export interface Screen {
  readonly name: string;
  readonly at: string;
  /** Whether the README shows it. */
  readonly inReadme?: boolean;
  /** Until there is what is to be seen. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const settings = ["profile", "security", "devices", "passwords", "storage", "appearance", "data"];
const administration = ["accounts", "invitations", "server", "jobs", "audit", "settings", "way"];

export const screens: readonly Screen[] = [
  { name: "welcome", at: "/welcome", prepare: hasHeading },
  {
    name: "files",
    at: "/files",
    inReadme: true,
    prepare: async (page) => {
      await row(page, "Trip to the lake.md").click();
    },
  },
  { name: "empty", at: "/files/Photos/Family", prepare: hasHeading },
  { name: "nowhere", at: "/files/not/there", prepare: hasHeading },
  { name: "menu", at: "/files", prepare: (page) => row(page, "Budget 2026.csv").click({ button: "right" }) },
  {
    name: "share",
    at: "/files",
    inReadme: true,
    prepare: async (page) => {
      await row(page, "Photos").click({ button: "right" });
      await page
        .getByRole("menuitem")
        .filter({ hasText: /^(Share|Teilen)/ })
        .click();
      await page.getByRole("dialog").waitFor();
      const who = page.getByRole("dialog").locator("input").first();
      await who.fill("ben");
      await who.press("Enter");
      await page.getByRole("dialog").getByRole("listitem").filter({ hasText: "ben" }).waitFor();
    },
  },
  {
    name: "move",
    at: "/files",
    prepare: (page) => pick(page, "Budget 2026.csv", /^(Move to|Verschieben nach|In Ordner)/),
  },
  {
    name: "versions",
    at: "/files",
    prepare: (page) => openVersions(page),
  },
  {
    name: "compare",
    at: "/files",
    inReadme: true,
    prepare: async (page) => {
      await openVersions(page);
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /^(Compare the version|.*vergleichen)/ })
        .first()
        .click();
      await page.getByText("map of the north shore").waitFor();
    },
  },
  {
    name: "preview-picture",
    at: "/files/Photos",
    inReadme: true,
    prepare: async (page) => {
      await row(page, "IMG_2044.jpg").dblclick();
      await page.getByRole("dialog").locator("img").waitFor();
    },
  },
  { name: "preview-text", at: "/files", prepare: (page) => row(page, "Trip to the lake.md").dblclick() },
  { name: "preview-table", at: "/files", prepare: (page) => row(page, "Budget 2026.csv").dblclick() },
  { name: "preview-code", at: "/files/Projects", prepare: (page) => row(page, "forecast.ts").dblclick() },
  { name: "preview-pdf", at: "/files", prepare: (page) => row(page, "Rental agreement.pdf").dblclick() },
  { name: "conflicts", at: "/conflicts", prepare: hasHeading },
  {
    name: "merge",
    at: "/conflicts",
    inReadme: true,
    prepare: async (page) => {
      await page
        .getByRole("main")
        .getByRole("link", { name: /Guest list/ })
        .first()
        .click();
      await page.getByRole("radio").first().waitFor();
    },
  },
  { name: "activity", at: "/activity", inReadme: true, prepare: hasItems },
  {
    name: "rewind",
    at: "/activity",
    prepare: async (page) => {
      await hasItems(page);
      await page
        .getByRole("main")
        .getByRole("button")
        .filter({ hasText: /Go back in time|Zeit/ })
        .click();
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "trash", at: "/trash", prepare: hasItems },
  { name: "shared", at: "/shared", prepare: hasHeading },
  {
    name: "search",
    at: "/search?q=lake",
    prepare: (page) => page.getByText("Trip to the", { exact: false }).first().waitFor(),
  },
  { name: "search-nothing", at: "/search?q=zebra", prepare: hasHeading },
  { name: "notices", at: "/notices", prepare: hasHeading },
  ...settings.map((name) => ({ name: `settings-${name}`, at: `/settings/${name}`, prepare: hasHeading })),
  ...administration.map((name) => ({ name: `admin-${name}`, at: `/admin/${name}`, prepare: hasHeading })),
  {
    name: "grid",
    at: "/files/Photos",
    prepare: async (page) => {
      await page.getByRole("button", { name: /^(Grid|Kacheln|Raster)/ }).click();
      await row(page, "IMG_2044.jpg").waitFor();
    },
  },
  { name: "signed-out", at: "/sign-in", prepare: (page) => page.locator("body").waitFor() },
];

async function hasHeading(page: Page): Promise<void> {
  await page.getByRole("heading").first().waitFor();
}

async function hasItems(page: Page): Promise<void> {
  await page.getByRole("main").getByRole("listitem").first().waitFor();
}

async function pick(page: Page, name: string, action: RegExp): Promise<void> {
  await row(page, name).click({ button: "right" });
  await page.getByRole("menuitem").filter({ hasText: action }).click();
  await page.getByRole("dialog").waitFor();
}

async function openVersions(page: Page): Promise<void> {
  await row(page, "Trip to the lake.md").click();
  await page.keyboard.press("v");
  await page.getByRole("dialog").getByRole("listitem").nth(2).waitFor();
}
