import { readFileSync, writeFileSync } from "node:fs";
import { addToBloom } from "./bloom-filter.ts";
import { filterBytes, filterUrl } from "./breached-passwords.ts";

/**
 * Makes the filter anew: `node generate-breached-passwords.ts LIST`. LIST has one password a line, the most used first; ours is the list of a million of
 * SecLists (github.com/danielmiessler/SecLists, "10-million-password-list-top-1000000.txt", MIT).
 */
const passwords = 100_000;
const minLength = 8;

const [, , list] = process.argv;
if (list === undefined) throw new Error("name the list of passwords");
const texts = readFileSync(list, "utf8")
  .split("\n")
  .filter((text) => text.length >= minLength)
  .map((text) => text.toLowerCase());
const filter = new Uint8Array(filterBytes);
for (const text of [...new Set(texts)].slice(0, passwords)) addToBloom(filter, text);
writeFileSync(filterUrl, filter);
