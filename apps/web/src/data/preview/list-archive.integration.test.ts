import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { goesWithout } from "@satchel/testkit";
import { promisify } from "node:util";
import { listTar } from "./list-tar.ts";
import { listZip } from "./list-zip.ts";

const run = promisify(execFile);
const longName = `${"long".repeat(40)}.txt`;

/** Written by Python's own modules, as people's archives are by somebody else's programs. */
const script = `
import io, sys, tarfile, zipfile
names = {"a.txt": b"abc", "dir/ü.bin": bytes(700), "${longName}": b""}
with zipfile.ZipFile(sys.argv[1] + "/a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("dir/", b"")
    archive.comment = b"a comment"
    for name, content in names.items():
        with archive.open(zipfile.ZipInfo(name), "w", force_zip64=name == "a.txt") as entry:
            entry.write(content)
for form, name in ((tarfile.GNU_FORMAT, "gnu"), (tarfile.PAX_FORMAT, "pax")):
    with tarfile.open(sys.argv[1] + "/" + name + ".tar", "w", format=form) as archive:
        folder = tarfile.TarInfo("dir")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, content in names.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
`;

async function writeArchives(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "satchel-archives-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  await run("python3", ["-c", script, directory]);
  return directory;
}

const expected = [
  { path: "dir", sizeBytes: 0, isFolder: true },
  { path: "a.txt", sizeBytes: 3, isFolder: false },
  { path: "dir/ü.bin", sizeBytes: 700, isFolder: false },
  { path: longName, sizeBytes: 0, isFolder: false },
];

if (!goesWithout("archives")) {
  test("[WB10] a zip file is listed by its directory, without reading its contents", async (t) => {
    const bytes = await readFile(join(await writeArchives(t), "a.zip"));
    const { entries, isCut } = await listZip(bytes.length, async (start, end) => bytes.subarray(start, end));
    assert.deepEqual(entries, expected);
    assert.equal(isCut, false);
  });

  for (const kind of ["gnu", "pax"])
    test(`[WB10] a tar file is listed as it is read, long names too: ${kind}`, async (t) => {
      const directory = await writeArchives(t);
      const pieces = createReadStream(join(directory, `${kind}.tar`), { highWaterMark: 300 });
      assert.deepEqual(await listTar(pieces), { entries: expected, isCut: false });
    });

  test("[WB10] what is no archive is called broken, and is no endless reading", async () => {
    const noise = Buffer.alloc(2048, "x");
    await assert.rejects(
      listZip(noise.length, async (start, end) => noise.subarray(start, end)),
      /end record/,
    );
    await assert.rejects(
      listTar(
        (async function* () {
          yield noise;
        })(),
      ),
      /damaged/,
    );
  });
}
