import { readFileSync } from "node:fs";
import { isInBloom } from "./bloom-filter.ts";

/** 2 Mibit for 100,000 passwords: one of 20,000 good passwords is refused by mistake. */
export const filterBytes = 256 * 1024;
export const filterUrl = new URL("./breached-passwords.bloom", import.meta.url);

let filter: Uint8Array | undefined;

/** Is it among the 100,000 most used passwords of 8 characters or more that became known in breaches? Without case, and without asking anybody. */
export function isBreachedPassword(password: string): boolean {
  filter ??= readFilter();
  return isInBloom(filter, password.toLowerCase());
}

function readFilter(): Uint8Array {
  const bytes = readFileSync(filterUrl);
  if (bytes.length !== filterBytes) throw new Error("the list of breached passwords is damaged: install Satchel again");
  return bytes;
}
