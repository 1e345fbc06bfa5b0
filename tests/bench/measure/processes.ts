import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks in a second, for the times in /proc: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** The processes and all their living descendants. */
export function withDescendants(pids: readonly number[]): number[] {
  const found = [...pids];
  for (let at = 0; at < found.length; at += 1) found.push(...childrenOf(found[at] as number));
  return [...new Set(found)];
}

/** CPU seconds that living processes and their reaped children have used, user and system. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (findTimes(pid)?.all ?? 0), 0);
}

/** CPU seconds of the children that this process started and that have ended. */
export function endedChildrenCpuSeconds(): number {
  return findTimes("self")?.children ?? 0;
}

/** CPU seconds that this process itself has used. */
export function ownCpuSeconds(): number {
  const times = findTimes("self");
  return times === undefined ? 0 : times.all - times.children;
}

/** CPU seconds that all processes of the machine have used, with what a hypervisor gave to others. */
export function machineCpuSeconds(): number {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n", 1);
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(/\s+/).map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

/** Resident bytes of the processes, summed; pages that they share count once for each. */
export function residentBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const pages = findText(`/proc/${pid}/statm`)?.split(" ")[1];
    return sum + Number(pages ?? 0) * PAGE_BYTES;
  }, 0);
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      (findText(`/proc/${pid}/task/${thread}/children`) ?? "").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function findTimes(pid: number | "self"): { all: number; children: number } | undefined {
  const text = findText(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The program's name may hold spaces and brackets; what follows its last bracket is regular. See proc(5).
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number) as [number, number, number, number];
  const children = (childUser + childSystem) / TICKS_PER_SECOND;
  return { all: (user + system) / TICKS_PER_SECOND + children, children };
}

/** Undefined when the process has ended. */
function findText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
