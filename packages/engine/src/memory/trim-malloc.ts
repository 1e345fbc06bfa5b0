import { getBuiltinModule } from "node:process";

/** What is used of Node's `node:ffi`, which has no types yet and is not in every Node. */
interface Ffi {
  dlopen(
    path: null,
    functions: Readonly<Record<string, { readonly arguments: readonly string[]; readonly returns: string }>>,
  ): { readonly functions: Readonly<Record<string, (...values: readonly bigint[]) => unknown>> };
}

/**
 * Has the C library give the memory that was freed back to the system, also where it lies between what is still used (malloc_trim(3)): after a burst that is 20 to 60 MB, of SQLite's pages above all. Takes some 50 ms.
 * Only glibc has it, and only newer Nodes can call it; elsewhere nothing happens.
 *
 * @returns whether it could be asked
 */
export function trimMalloc(): boolean {
  try {
    const ffi = getBuiltinModule("node:ffi") as Ffi | undefined;
    const trim = ffi?.dlopen(null, { malloc_trim: { arguments: ["u64"], returns: "i32" } }).functions["malloc_trim"];
    trim?.(0n);
    return trim !== undefined;
  } catch {
    // A C library without it.
    return false;
  }
}
