import { Buffer } from "node:buffer";

/** How long something may be, and in what that is counted: bytes of UTF-8, or UTF-16 code units. */
export interface LengthLimit {
  readonly most: number;
  readonly unit: "bytes" | "units";
}

/** What names a disk can hold, and which of them it takes for one. */
export interface NameRules {
  /** As people call it, for messages. */
  readonly disk: "Linux" | "macOS" | "Windows" | "this kind of disk";
  /** `windows`: some characters, names of devices, and a dot or a space at the end are not to be had. */
  readonly characters: "any" | "windows";
  /** Whether names that differ only in case are one name. */
  readonly foldsCase: boolean;
  /** `kept`: NFC and NFD are two names. `ignored`: they are one, kept as it was given. `decomposed`: they are one, and it is kept in NFD. */
  readonly normalization: "kept" | "ignored" | "decomposed";
  /** Of one name. */
  readonly name: LengthLimit;
  /** Of a path from the root of the file system. */
  readonly path: LengthLimit;
}

/** ext4, XFS, Btrfs: any bytes but NUL and '/'. (`NAME_MAX`, `PATH_MAX` of Linux' limits.h; the path's ending NUL is not counted.) */
export const linuxNames: NameRules = {
  disk: "Linux",
  characters: "any",
  foldsCase: false,
  normalization: "kept",
  name: { most: 255, unit: "bytes" },
  path: { most: 4095, unit: "bytes" },
};

/** APFS as Apple delivers it: case and normal form are kept, and neither counts. */
export const macosNames: NameRules = {
  disk: "macOS",
  characters: "any",
  foldsCase: true,
  normalization: "ignored",
  name: { most: 255, unit: "bytes" },
  path: { most: 1023, unit: "bytes" },
};

/** NTFS under the rules of the Win32 API ("Naming Files, Paths, and Namespaces" at learn.microsoft.com), with the long paths that Node asks for. */
export const windowsNames: NameRules = {
  disk: "Windows",
  characters: "windows",
  foldsCase: true,
  normalization: "kept",
  name: { most: 255, unit: "units" },
  path: { most: 32_766, unit: "units" },
};

/** What a Windows program without long paths can open: `MAX_PATH` without the ending NUL. */
export const shortWindowsPath: LengthLimit = { most: 259, unit: "units" };

/** Whether the disk holds every name of the protocol as it is, each for itself: then no name has to be written in another way. */
export function holdsAllNames(rules: NameRules): boolean {
  return rules.characters === "any" && !rules.foldsCase && rules.normalization === "kept" && holds255Bytes(rules.name);
}

function holds255Bytes({ most }: LengthLimit): boolean {
  // A text has at most as many UTF-16 units as bytes.
  return most >= 255;
}

export function fits(text: string, { most, unit }: LengthLimit): boolean {
  return (unit === "bytes" ? Buffer.byteLength(text) : text.length) <= most;
}

/** The characters that Windows has in no name, beside '/'. */
const forbiddenCharacter = /[<>:"|?*\\]/;
const lastControlCharacter = 0x1f;
/** The part before the first dot decides, spaces at its end left out: `con`, `CON.txt`, `COM¹ .log`. */
const deviceName = /^(?:CON|PRN|AUX|NUL|(?:COM|LPT)[0-9¹²³]|CONIN\$|CONOUT\$) *(?:\.|$)/i;

/** Whether Windows keeps the name for a device. */
export function isDeviceName(name: string): boolean {
  return deviceName.test(name);
}

function isControl(character: string): boolean {
  return character.charCodeAt(0) <= lastControlCharacter;
}

/** Whether a character can't be anywhere in a name. */
export function isForbidden(character: string, rules: NameRules): boolean {
  return rules.characters === "windows" && (forbiddenCharacter.test(character) || isControl(character));
}

/** Why the disk can't hold a name, as the rest of a sentence that begins with "the name"; undefined when it can. */
export function findPlatformProblem(name: string, rules: NameRules): string | undefined {
  if (rules.characters === "windows") {
    const forbidden = Array.from(name).find((character) => isForbidden(character, rules));
    if (forbidden !== undefined) {
      return isControl(forbidden) ? "has a control character in it" : `has a "${forbidden}" in it`;
    }
    if (isDeviceName(name)) return "is that of a device";
    if (/[. ]$/.test(name)) return name.endsWith(".") ? "ends with a dot" : "ends with a space";
  }
  if (!fits(name, rules.name)) return "is too long";
  if (rules.normalization === "decomposed" && name !== name.normalize("NFD")) return "is in another Unicode form";
  return undefined;
}
