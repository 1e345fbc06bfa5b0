import { findNameProblem } from "@satchel/protocol";
import type { TFunction } from "i18next";

/** What is wrong with a name for something in a folder, in words; undefined when nothing is. */
export function nameProblem(t: TFunction, name: string, taken: ReadonlySet<string>): string | undefined {
  if (name === "") return t("nameDialog.empty");
  if (name.includes("/")) return t("nameDialog.slash");
  if (name === "." || name === "..") return t("nameDialog.dots");
  if (taken.has(name)) return t("nameDialog.taken", { name });
  const other = findNameProblem(name);
  if (other === undefined) return undefined;
  return other.includes("longer") ? t("nameDialog.long") : t("nameDialog.invalid");
}
