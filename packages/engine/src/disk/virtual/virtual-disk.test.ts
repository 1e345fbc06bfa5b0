import { describeDisk } from "../contract/disk.contract.ts";
import { openVirtualDisk } from "./virtual-disk.ts";
import { VirtualFileSystem } from "./virtual-file-system.ts";

describeDisk("in memory", () => {
  const files = new VirtualFileSystem({ nowNs: () => 1_700_000_000_000_000_000n });
  const open = () => openVirtualDisk(files);
  return Promise.resolve({ disk: open(), user: files, reopen: open, close: () => Promise.resolve() });
});
