import { pictureEndings, type EntryType } from "@satchel/protocol";
import { extensionOf } from "../files/entry.ts";

/** Of files with these endings the server makes small pictures, if it has the programs for them. */
const endings = new Set(Object.values(pictureEndings).join(" ").split(" "));

/** Whether it is worth asking for a small picture. */
export function hasSmallPicture({ name, type }: { readonly name: string; readonly type: EntryType }): boolean {
  return type === "file" && endings.has(extensionOf(name));
}
