import type { Page } from "playwright-core";
import type { EntryId, VersionId } from "@satchel/protocol";
import { oneChunk } from "./one-chunk.ts";
import { printedPages } from "./samples.ts";
import type { TreeAccess } from "./web-app.ts";

/** Files as somebody might have them, for pictures of the app. `open`: a tree of the account, which has seen all until then. */
export async function fillDemoAccount(open: () => Promise<TreeAccess>, page: Page): Promise<void> {
  const tree = await open();
  const { root } = tree;
  const [photos, projects, recipes] = await makeFolders(tree, root, ["Photos", "Projects", "Recipes"]);
  const [lake] = await makeFolders(tree, photos ?? root, ["Lake in October", "Family"]);
  for (const [index, bytes] of (await drawnLandscapes(page)).entries()) {
    const parentId = index < 6 ? photos : lake;
    await putFile(tree, { parentId, name: `IMG_${2041 + index * 3}.jpg`, day: 3 + index, versions: [bytes] });
  }
  await putFile(tree, { parentId: root, name: "Trip to the lake.md", day: 18, versions: tripPlans });
  await putFile(tree, { parentId: root, name: "Budget 2026.csv", day: 12, versions: [budget] });
  await putFile(tree, { parentId: root, name: "Rental agreement.pdf", day: 2, versions: [printedPages(4)] });
  await putFile(tree, { parentId: root, name: "Letter to the school.txt", day: 9, versions: ["Dear Ms. Okafor,\n"] });
  await putFile(tree, { parentId: projects, name: "forecast.ts", day: 20, versions: [program] });
  await putFile(tree, { parentId: projects, name: "readme.md", day: 20, versions: ["# Forecast\n"] });
  await putFile(tree, { parentId: recipes, name: "Plum cake.md", day: 7, versions: ["# Plum cake\n\n1 kg plums\n"] });
  const old = await putFile(tree, { parentId: root, name: "Old list.txt", day: 1, versions: ["milk\n"] });
  // Only what was seen is deleted.
  await (await open()).commit([{ op: "delete", id: old.id }]);
  await makeConflict(tree);
}

interface DemoFile {
  readonly parentId: EntryId | undefined;
  readonly name: string;
  /** Of November. */
  readonly day: number;
  /** The oldest first. */
  readonly versions: readonly (Buffer | string)[];
}

async function putFile(
  tree: TreeAccess,
  { parentId, name, day, versions }: DemoFile,
): Promise<{ id: EntryId; version: VersionId | null }> {
  const id = tree.newId();
  let version: VersionId | null = null;
  for (const [index, text] of versions.entries()) {
    const bytes = Buffer.from(text);
    const modified = new Date(Date.UTC(2026, 10, day, 8 + index, 17)).toISOString();
    const content = { ...oneChunk(bytes), modified };
    const [made] = await tree.commit(
      version === null
        ? [{ op: "create_file", id, parent_id: parentId ?? tree.root, name, content }]
        : [{ op: "edit_file", id, base_version_id: version, content }],
      [bytes],
    );
    version = made ?? null;
  }
  return { id, version };
}

async function makeFolders(tree: TreeAccess, parentId: EntryId, names: readonly string[]): Promise<EntryId[]> {
  const folders = names.map((name) => ({ op: "create_folder" as const, id: tree.newId(), parent_id: parentId, name }));
  await tree.commit(folders);
  return folders.map(({ id }) => id);
}

/** Two devices wrote into one guest list. */
async function makeConflict(tree: TreeAccess): Promise<void> {
  const name = "Guest list.txt";
  const { id, version } = await putFile(tree, { parentId: tree.root, name, day: 21, versions: [guests()] });
  if (version === null) return;
  const theirs = Buffer.from(guests({ Ben: "Ben, brings the boat" }));
  await tree.commit([{ op: "edit_file", id, base_version_id: version, content: oneChunk(theirs) }], [theirs]);
  const mine = Buffer.from(guests({ Ben: "Ben and Ida", Tom: "Tom, on Saturday" }));
  const place = { parent_id: tree.root, name: "Guest list (Conflicted copy).txt" };
  const marks = { conflict_of: id, conflict_base: version };
  await tree.commit([{ op: "create_file", id: tree.newId(), ...place, content: oneChunk(mine), ...marks }], [mine]);
}

function guests(changed: Readonly<Record<string, string>> = {}): string {
  return ["Anna", "Ben", "Clara", "Jonas", "Tom"].map((name) => `${changed[name] ?? name}\n`).join("");
}

const tripPlans = [
  "# Trip to the lake\n\nFriday to Sunday, by train.\n\n- tent\n- stove\n- map\n",
  "# Trip to the lake\n\nFriday to Sunday, by train at **8:15**.\n\n- tent\n- stove and gas\n- map\n- Clara's canoe\n",
  "# Trip to the lake\n\nThursday to Sunday, by train at **8:15**.\n\n- tent\n- stove and gas\n- map of the north shore\n- Clara's canoe\n\n| day | where |\n|---|---|\n| Thursday | Boathouse |\n| Saturday | North shore |\n",
];

const budget =
  "Month,Rent,Food,Travel\nJanuary,820,310,45\nFebruary,820,295,120\nMarch,820,330,60\nApril,840,305,210\nMay,840,290,75\n";

const program = `/** Tomorrow's weather is today's, mostly. */
export function forecast(days: readonly Day[]): Day {
  const last = days.at(-1);
  if (!last) throw new RangeError("no day to go by");
  return { ...last, warmth: last.warmth + trend(days) / 2 };
}
`;

/** Hills and a sun over water, in the light of several hours. */
async function drawnLandscapes(page: Page): Promise<Buffer[]> {
  const drawn = await page.evaluate(async () => {
    const skies = ["#f6c177,#e0796b", "#9ecbe8,#e9f3f7", "#2b3a67,#8a6fa8", "#f9dcc4,#f08a5d", "#b8d8d8,#7a9e9f"];
    const written: string[] = [];
    for (let nth = 0; nth < 9; nth += 1) {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [1200, 800];
      const pen = canvas.getContext("2d");
      if (!pen) throw new Error("the browser can't draw");
      const sky = pen.createLinearGradient(0, 0, 0, 520);
      const [top = "", bottom = ""] = (skies[nth % skies.length] ?? "").split(",");
      sky.addColorStop(0, top);
      sky.addColorStop(1, bottom);
      pen.fillStyle = sky;
      pen.fillRect(0, 0, 1200, 800);
      pen.fillStyle = "#fff6dc";
      pen.beginPath();
      pen.arc(200 + nth * 95, 190 + (nth % 3) * 60, 56, 0, 7);
      pen.fill();
      for (let ridge = 0; ridge < 3; ridge += 1) {
        pen.fillStyle = `hsl(${200 - nth * 9} ${26 + ridge * 6}% ${52 - ridge * 13}%)`;
        pen.beginPath();
        pen.moveTo(0, 560);
        for (let x = 0; x <= 1200; x += 20)
          pen.lineTo(x, 400 + ridge * 55 - 90 * Math.sin(x / (170 + ridge * 60) + nth + ridge * 2) ** 2);
        pen.lineTo(1200, 560);
        pen.fill();
      }
      const water = pen.createLinearGradient(0, 540, 0, 800);
      water.addColorStop(0, top);
      water.addColorStop(1, "#274060");
      pen.fillStyle = water;
      pen.fillRect(0, 540, 1200, 260);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
      if (blob === null) throw new Error("the browser drew no picture");
      written.push(((await blob.bytes()) as unknown as { toBase64(): string }).toBase64());
    }
    return written;
  });
  return drawn.map((base64) => Buffer.from(base64, "base64"));
}
