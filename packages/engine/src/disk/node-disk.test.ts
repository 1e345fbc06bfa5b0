import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { temporaryDirectory } from "@satchel/testkit";
import type { Disk } from "../ports/disk.ts";
import { describeDisk } from "./contract/disk.contract.ts";
import { openNodeDisk } from "./node-disk.ts";
import { nodeUser } from "./contract/node-user.fixture.ts";

const memory = "/dev/shm";

describeDisk("a real file system", async () => {
  const directory = await temporaryDirectory("disk", existsSync(memory) ? memory : tmpdir());
  const root = directory.join("root");
  const disks: Disk[] = [];
  const open = (): Disk => {
    const disk = openNodeDisk({ root });
    disks.push(disk);
    return disk;
  };
  return {
    disk: open(),
    user: nodeUser(root),
    reopen: open,
    close: async () => {
      for (const disk of disks) await disk.close();
      await directory.remove();
    },
  };
});
