import type { SearchWish } from "@satchel/api-client";
import type { EntryId, FileKind } from "@satchel/protocol";

/** Kinds that a person chooses from, each with those that it means. */
export const kindChoices = {
  folder: ["folder"],
  image: ["image"],
  document: ["document", "text"],
  pdf: ["pdf"],
  spreadsheet: ["spreadsheet"],
  presentation: ["presentation"],
  audio: ["audio"],
  video: ["video"],
  archive: ["archive"],
  code: ["code"],
  email: ["email"],
} as const satisfies Partial<Record<FileKind, readonly FileKind[]>>;

const dayMs = 86_400_000;
const megabyte = 1_000_000;

/** Times since a change, in milliseconds. */
export const timeChoices = {
  day: { newest: dayMs },
  week: { newest: 7 * dayMs },
  month: { newest: 30 * dayMs },
  year: { newest: 365 * dayMs },
  older: { oldest: 365 * dayMs },
} as const satisfies Record<string, { readonly newest?: number; readonly oldest?: number }>;

/** In bytes. */
export const sizeChoices = {
  small: [0, 0.1 * megabyte],
  medium: [0.1 * megabyte, 10 * megabyte],
  large: [10 * megabyte, 1000 * megabyte],
  huge: [1000 * megabyte, undefined],
} as const satisfies Record<string, readonly [number, number | undefined]>;

/** What a person asks, as the page's address holds it, so that it can be kept and gone back to. */
export interface SearchQuestion {
  readonly text: string;
  readonly kind: keyof typeof kindChoices | undefined;
  readonly modified: keyof typeof timeChoices | undefined;
  readonly size: keyof typeof sizeChoices | undefined;
  readonly whose: "mine" | "shared" | undefined;
  /** The path of a folder; undefined: everywhere. */
  readonly where: string | undefined;
}

const whoseChoices = { mine: false, shared: true } as const;

export function readQuestion(query: string): SearchQuestion {
  const parameters = new URLSearchParams(query);
  return {
    text: parameters.get("q") ?? "",
    kind: choiceOf(parameters.get("kind"), kindChoices),
    modified: choiceOf(parameters.get("modified"), timeChoices),
    size: choiceOf(parameters.get("size"), sizeChoices),
    whose: choiceOf(parameters.get("whose"), whoseChoices),
    where: parameters.get("where") ?? undefined,
  };
}

export function writeQuestion({ text, ...filters }: SearchQuestion): string {
  const parameters = new URLSearchParams(text === "" ? {} : { q: text });
  for (const [name, value] of Object.entries(filters)) if (value !== undefined) parameters.set(name, value);
  return parameters.toString();
}

/** Is anything asked for? A folder alone is no question. */
export function isAsking({ text, kind, modified, size, whose }: SearchQuestion): boolean {
  return /[\p{L}\p{N}\p{S}]/u.test(text) || (text.trim() === "" && [kind, modified, size, whose].some(Boolean));
}

/** What the server is asked, at this moment. */
export function wishOf(question: SearchQuestion, folderId: EntryId | undefined, nowMs: number): SearchWish {
  const { text, kind, modified, size, whose } = question;
  const time: { readonly newest?: number; readonly oldest?: number } = modified ? timeChoices[modified] : {};
  const [minSizeBytes, maxSizeBytes] = size ? sizeChoices[size] : [];
  return {
    text: text.trim() === "" ? undefined : text,
    kinds: kind && kindChoices[kind],
    modifiedAfter: before(nowMs, time.newest),
    modifiedBefore: before(nowMs, time.oldest),
    minSizeBytes,
    maxSizeBytes,
    shared: whose && whoseChoices[whose],
    folderId,
  };
}

/** To the minute, so that the same question asks the same. */
function before(nowMs: number, ms: number | undefined): string | undefined {
  const minuteMs = 60_000;
  return ms === undefined ? undefined : new Date(Math.floor((nowMs - ms) / minuteMs) * minuteMs).toISOString();
}

function choiceOf<Choice extends string>(text: string | null, choices: Readonly<Record<Choice, unknown>>) {
  return text !== null && Object.hasOwn(choices, text) ? (text as Choice) : undefined;
}
