import { DiskError, type Disk, type DiskStat } from "../ports/disk.ts";

/**
 * What is at a path; `unknown` when the disk can never tell, because the path became too long to ask for (a folder on the way was moved): of that nothing may be concluded. Every other failure may pass, and
 * is left to whoever looks again. [EN8] [NM22]
 */
export async function statOrUnknown(disk: Pick<Disk, "stat">, path: string): Promise<DiskStat | "unknown" | undefined> {
  try {
    return await disk.stat(path);
  } catch (error) {
    if (error instanceof DiskError && error.code === "too_long") return "unknown";
    throw error;
  }
}
