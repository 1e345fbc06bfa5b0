import { mergeRuleOf, mergeTexts } from "@satchel/merge";
import { maxSmallFileBytes } from "../ports/disk.ts";
import { decodeText } from "./decode-text.ts";

/** A file on both sides, and as it was before; undefined for one that can't be had. */
export interface ByteVersions {
  readonly base: Uint8Array | undefined;
  readonly mine: Uint8Array | undefined;
  readonly theirs: Uint8Array | undefined;
}

/** The merge of a file of this name. Undefined for what has no rule or isn't text, can't be merged without guessing, or comes out larger than {@link maxSmallFileBytes}. */
export function mergeBytes(name: string, versions: ByteVersions): Uint8Array<ArrayBuffer> | undefined {
  const rule = mergeRuleOf(name);
  const [base, mine, theirs] = [versions.base, versions.mine, versions.theirs].map(
    (bytes) => bytes && decodeText(bytes),
  );
  if (rule === undefined || base === undefined || mine === undefined || theirs === undefined) return undefined;
  const result = mergeTexts(rule, { base, mine, theirs });
  if (result.outcome === "conflict") return undefined;
  const bytes = new TextEncoder().encode(result.text);
  return bytes.length <= maxSmallFileBytes ? bytes : undefined;
}
