import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import {
  makeEntryId,
  makeWorkspaceId,
  rootEntryId,
  type AccountId,
  type CommitOperation,
  type DeviceId,
  type EntryId,
  type VersionHash,
  type WorkspaceId,
} from "@satchel/protocol";
import { seededRandom, startPostgres, temporaryDirectory, type SeededRandom } from "@satchel/testkit";
import { createInProcessBus } from "../../storage/bus/in-process-bus.ts";
import { createInProcessCache } from "../../storage/cache/in-process-cache.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import { openPostgresDatabase } from "../../storage/metadata/sql/postgres-database.ts";
import { openPostgresMetadataStore } from "../../storage/metadata/postgres/open-postgres-store.ts";
import { openSqliteMetadataStore } from "../../storage/metadata/sqlite/open-sqlite-store.ts";
import { openPostgresSearchIndex } from "../../storage/search/postgres/open-postgres-search.ts";
import type { IndexedEntry, SearchIndex } from "../../storage/search/search-index.ts";
import { piecesOfText } from "../../storage/search/text-pieces.ts";
import { openSqliteSearchIndex } from "../../storage/search/sqlite/open-sqlite-search.ts";
import { createAuthorisation, type Caller } from "../authorisation/authorisation.ts";
import { startIndexer } from "./indexer.ts";
import { createSearch } from "./search.ts";
import { nothing } from "./search-request.fixture.ts";
import type { SearchRequest } from "./sought.ts";

/**
 * `npm run bench:search -- [--names 1000000] [--texts 0] [--storage sqlite|postgres] [--rounds 40]`: an account with so many files, in folders of 1,000, of which so many (the latest; at most a third) have texts of 300 words; what indexing takes, and how long answers take by what is asked, in this process, HTTP left out. Names are
 * made of some 3,000 words of several scripts, common ones often and rare ones seldom.
 */
const { values } = parseArgs({
  options: {
    names: { type: "string", default: "1000000" },
    texts: { type: "string", default: "0" },
    storage: { type: "string", default: "sqlite" },
    rounds: { type: "string", default: "40" },
  },
});
const names = Number(values.names);
const texts = Number(values.texts);
const rounds = Number(values.rounds);
const wordsOfText = 300;
const textsPerPut = 50;
const filesPerFolder = 1000;
const emptyVersion = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" as VersionHash;
const accountId = "bench" as AccountId;
const key = randomBytes(32);
const random = seededRandom("search bench");
const words = makeWords(random.fork("words"));
/** Words that are in texts only. */
const textWords = makeWords(random.fork("words of texts")).map((each) => `${each}sch`);

async function main(): Promise<void> {
  const directory = await temporaryDirectory("search-bench");
  const postgres = values.storage === "postgres" ? await startPostgres() : undefined;
  const metadata = postgres
    ? await openPostgresMetadataStore({ url: postgres.url, randomBytes })
    : await openSqliteMetadataStore({ path: directory.join("metadata.db") });
  const index = postgres
    ? await openPostgresSearchIndex({ url: postgres.url, key })
    : await openSqliteSearchIndex({ path: directory.join("search.db"), key });
  try {
    const caller = await makeTree(metadata);
    await bringIndex(metadata, index);
    await bringTexts(index);
    if (postgres) await analyze(postgres.url);
    await measure(metadata, index, caller);
  } finally {
    await index.close();
    await metadata.close();
    await postgres?.stop();
    await directory.remove();
  }
}

async function makeTree(metadata: MetadataStore): Promise<Caller> {
  const workspaceId = makeWorkspaceId(randomBytes(10));
  const nowMs = Date.now();
  await metadata.identity.createAccount({
    id: accountId,
    name: "bench",
    email: "b@example.org",
    emailConfirmed: "try",
    passwordHash: "",
    isAdmin: false,
    quotaBytes: null,
    rootWorkspaceId: workspaceId,
    epoch: "e",
    nowMs,
  });
  const started = performance.now();
  for (let made = 0; made < names; made += filesPerFolder) {
    await metadata.tree.commit({
      workspaceId,
      author: { accountId, deviceId: null },
      seenSequence: 0,
      operations: makeFolder(workspaceId, made),
      idempotency: undefined,
      nowMs,
    });
  }
  say(`${names} files committed in ${seconds(started)} s`);
  return {
    accountId,
    deviceId: "device" as DeviceId,
    userName: "bench",
    email: "b@example.org",
    rootWorkspaceId: workspaceId,
    isAdmin: false,
    scopes: null,
    right: "files.read",
  };
}

/** Empty files: only their names matter. */
function makeFolder(workspaceId: WorkspaceId, number: number): CommitOperation[] {
  const newId = (): EntryId => makeEntryId(workspaceId, randomBytes(10));
  const folder = newId();
  const content = {
    version_hash: emptyVersion,
    size: 0,
    chunks: "",
    modified: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
    executable: false,
  };
  const parent_id = rootEntryId(workspaceId);
  const files = Array.from({ length: filesPerFolder }, (_, index): CommitOperation => {
    const name = `${nameOf(random)} ${number + index}.${random.pick(["pdf", "jpg", "docx", "txt", "mp4", "xlsx"])}`;
    return { op: "create_file", id: newId(), parent_id: folder, name, content };
  });
  return [{ op: "create_folder", id: folder, parent_id, name: `${nameOf(random)} folder ${number}` }, ...files];
}

/** As if each document and text were to be read. */
function wantingTexts(index: SearchIndex): SearchIndex {
  const wants = ({ kind }: IndexedEntry): boolean => texts > 0 && (kind === "document" || kind === "text");
  const wanting = (entry: IndexedEntry): IndexedEntry => (wants(entry) ? { ...entry, content: emptyVersion } : entry);
  return { ...index, apply: (update) => index.apply({ ...update, put: update.put.map(wanting) }) };
}

async function bringTexts(index: SearchIndex): Promise<void> {
  const started = performance.now();
  let done = 0;
  while (done < texts) {
    const unread = await index.listUnread({ before: undefined, limit: Math.min(textsPerPut, texts - done) });
    if (unread.length === 0) break;
    await index.putTexts(
      unread.map(({ id, name, content }) => {
        const kept = Array.from({ length: wordsOfText }, common).join(" ");
        return { id, content, text: { pieces: piecesOfText(name, kept), kept } };
      }),
    );
    done += unread.length;
  }
  if (texts > 0) say(`${done} texts of ${wordsOfText} words indexed in ${seconds(started)} s`);
}

/** The first of the list far more often than the last. */
function common(): string {
  return textWords[Math.floor(textWords.length * random.float() ** 3)] ?? "";
}

async function bringIndex(metadata: MetadataStore, index: SearchIndex): Promise<void> {
  const bus = createInProcessBus({ onListenerError: fail });
  const host = { nowMs: Date.now, randomBytes, after: () => () => {} };
  const indexer = startIndexer({ index: wantingTexts(index), metadata, bus, host, onFailure: fail });
  const started = performance.now();
  const cpu = process.cpuUsage();
  await indexer.catchUp();
  const { user, system } = process.cpuUsage(cpu);
  say(`indexed in ${seconds(started)} s, ${((user + system) / names).toFixed(0)} µs of CPU a name in this process`);
  await indexer.stop();
}

/** As PostgreSQL does by itself some time after many changes. */
async function analyze(url: string): Promise<void> {
  const database = openPostgresDatabase({ url, poolSize: 1 });
  await database.transaction(async (session) => void (await session.run("ANALYZE")));
  await database.close();
}

async function measure(metadata: MetadataStore, index: SearchIndex, caller: Caller): Promise<void> {
  const bus = createInProcessBus({ onListenerError: fail });
  const cache = createInProcessCache<never>({ timeToLiveMs: 0, maxEntries: 10, nowMs: Date.now });
  const authorisation = createAuthorisation({ store: metadata.access, cache, bus });
  const search = createSearch({ index, metadata, authorisation });
  const all: number[] = [];
  const asked = { ...questions, ...(texts > 0 && textQuestions) };
  for (const [what, ask] of Object.entries(asked)) {
    const ms: number[] = [];
    const cpuBefore = process.cpuUsage();
    let found = 0;
    for (let round = 0; round < rounds; round += 1) {
      const request = { ...nothing, ...ask() };
      const started = performance.now();
      const { results } = await search.find(caller, request);
      ms.push(performance.now() - started);
      found += results.length;
    }
    all.push(...ms);
    const { user, system } = process.cpuUsage(cpuBefore);
    const cpuMs = (user + system) / 1000 / rounds;
    report(what, ms, `CPU ${cpuMs.toFixed(1)} ms, ${(found / rounds).toFixed(0)} results on average`);
  }
  report("all of them", all, "");
}

const word = (): string => random.pick(words);
const questions: Readonly<Record<string, () => Partial<SearchRequest>>> = {
  "one letter": () => ({ text: word().slice(0, 1) }),
  "two letters": () => ({ text: word().slice(0, 2) }),
  "beginning of a word": () => ({ text: word().slice(0, 4) }),
  "a whole word": () => ({ text: word() }),
  "part of a word": () => ({ text: word().slice(1, 5) }),
  "two words": () => ({ text: `${word()} ${word()}` }),
  "a number": () => ({ text: String(random.below(names)) }),
  "a word with a slip": () => ({ text: withSlip(word()) }),
  "what isn't there": () => ({ text: `zq${word()}xv` }),
  "a word of one kind": () => ({ text: word(), kinds: ["pdf"] }),
  "a word in a time": () => ({ text: word(), modified: { from: "2026-01-02T00:00:00Z", to: undefined } }),
  "all of one kind": () => ({ kinds: ["video"] }),
};

const textWord = (): string => random.pick(textWords);
const textQuestions: typeof questions = {
  "a word of texts": () => ({ text: textWord() }),
  "a frequent one": () => ({ text: common() }),
  "two words of texts": () => ({ text: `${common()} ${textWord()}` }),
  "beginning in texts": () => ({ text: textWord().slice(0, 4) }),
  "a word of texts, in a time": () => ({ text: common(), modified: { from: "2026-01-02T00:00:00Z", to: undefined } }),
};

function withSlip(text: string): string {
  const at = Math.max(1, Math.floor(text.length / 2));
  return text.slice(0, at - 1) + text.charAt(at) + text.charAt(at - 1) + text.slice(at + 1);
}

/** Two to four words, the first of the list far more often than the last. */
function nameOf(source: SeededRandom): string {
  const pick = (): string => words[Math.floor(words.length * source.float() ** 3)] ?? "";
  return Array.from({ length: 2 + source.below(3) }, pick).join(" ");
}

function makeWords(source: SeededRandom): string[] {
  const syllables =
    "an ber cho da el fi gra ho in ju ka lo mer ni or pa qui re sto ta um ver wa xi yo zen ä é ß ло ми ка".split(" ");
  const dense = Array.from("東京写真旅行家族会議報告書年度計画予算山川海空花鳥風月春夏秋冬");
  return Array.from({ length: 3000 }, (_, index) => {
    const pieces = index % 10 === 9 ? dense : syllables;
    return Array.from({ length: 2 + source.below(3) }, () => source.pick(pieces)).join("");
  });
}

function report(what: string, ms: readonly number[], more: string): void {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1).padStart(7);
  say(`${what.padEnd(22)} median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms  ${more}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}

function fail(error: unknown): never {
  throw error;
}

await main();
