import { z } from "zod";

/** The longest name of an entry, in bytes of UTF-8. */
export const maxNameBytes = 255;

/** How many bytes a text takes in UTF-8; a lone surrogate, which UTF-8 can't hold, counts as the 3 bytes of its replacement. */
export function utf8ByteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** What is wrong with a name, as the rest of a sentence that starts with "the name"; undefined when nothing is. */
export function findNameProblem(name: string): string | undefined {
  if (name.length === 0) return "is empty";
  if (name === "." || name === "..") return "is '.' or '..'";
  if (name.includes("/")) return "contains '/'";
  if (name.includes("\0")) return "contains a NUL";
  if (!name.isWellFormed()) return "is not valid Unicode";
  if (utf8ByteLength(name) > maxNameBytes) return `is longer than ${maxNameBytes} bytes`;
  return undefined;
}

/** The folder that a device keeps for itself in the synced one, and that no entry of a workspace's root can have as its place. */
export const deviceFolderName = ".satchel";

/** Whether some device's disk takes the name for that of its own folder. */
export function isDeviceFolderName(name: string): boolean {
  return name.toLowerCase() === deviceFolderName;
}

/** The name of the files that say what devices leave out. They are synced. */
export const ignoreFileName = ".satchelignore";

/** Whether some device's disk takes the name for that of an ignore file. */
export function isIgnoreFileName(name: string): boolean {
  return name.toLowerCase() === ignoreFileName;
}

/** 1 to 255 bytes of UTF-8 without '/' and NUL, and neither '.' nor '..'. Never normalised: NFC and NFD are two names. */
export const entryNameSchema = z.string().check((context) => {
  const problem = findNameProblem(context.value);
  if (problem) context.issues.push({ code: "custom", input: context.value, message: `the name ${problem}` });
});
