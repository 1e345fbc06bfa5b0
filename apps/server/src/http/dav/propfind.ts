import { Readable } from "node:stream";
import type { EntryId, EntryState } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../features/authorisation/authorisation.ts";
import { pagesOf } from "../../features/dav/copy-tree.ts";
import { DavError } from "../../features/dav/dav-error.ts";
import { openLockLook } from "../../features/dav/dav-locks.ts";
import { findPlace, type DavPlace } from "../../features/dav/dav-place.ts";
import { listProperties } from "../../features/dav/dav-properties.ts";
import { openRoomLook } from "../../features/dav/dav-room.ts";
import type { DavContext } from "./dav-context.ts";
import { hrefOf, namesOf } from "./dav-address.ts";
import { depthOf } from "./dav-headers.ts";
import { davXmlType } from "./dav-problem.ts";
import { describeResource, wantsKept, wantsQuota, type Question } from "./describe-resource.ts";
import { readQuestion } from "./read-question.ts";
import { xmlHead } from "./xml/write-xml.ts";

/** Entries that are described at a time: what programs keep with them, up to 128 Ki characters each, is in memory for as long. */
const maxDescribed = 100;

/** Tells the properties of a file or folder, or of a folder with what is in it: page by page, as the asker takes them. @throws 404, 403 for infinite depth, bad_request */
export async function answerPropfind(parts: DavContext, request: FastifyRequest, reply: FastifyReply, caller: Caller) {
  const depth = depthOf(request.headers, "infinity");
  const question = await readQuestion(request);
  if (depth === "infinity") throw new DavError(403, "ask with Depth 0 or 1", { condition: "propfind-finite-depth" });
  const place = await findPlace(parts, caller, namesOf(parts.root, request.raw.url ?? ""));
  if (!place.found) throw new DavError(404, "there is nothing of this name");
  const listing = describeListing(parts, caller, { place, question, isDeep: depth === "1" });
  return reply.code(207).header("content-type", davXmlType).send(Readable.from(listing));
}

async function* describeListing(
  parts: DavContext,
  caller: Caller,
  { place, question, isDeep }: { readonly place: DavPlace; readonly question: Question; readonly isDeep: boolean },
): AsyncGenerator<string> {
  yield `${xmlHead}<d:multistatus xmlns:d="DAV:">\n`;
  const describe = openDescribing(parts, caller, question);
  if (place.found) yield await describe(place, [place.found.entry]);
  if (isDeep && place.contents !== undefined)
    for await (const page of pagesOf(parts, place.contents))
      for (let start = 0; start < page.length; start += maxDescribed)
        yield await describe(place, page.slice(start, start + maxDescribed), place.contents);
  yield "</d:multistatus>\n";
}

/** Describes entries of one workspace: the place's own, or what is in it. */
function openDescribing(parts: DavContext, caller: Caller, question: Question) {
  const look = openLockLook(parts);
  const roomOf = openRoomLook(parts);
  const tell = parts.dialect?.openTelling(parts, caller);
  return async (place: DavPlace, entries: readonly EntryState[], contents?: EntryId): Promise<string> => {
    const shown = entries.filter(({ type }) => type !== "link");
    const dead = await listProperties(parts, wantsKept(question) ? shown : []);
    const placed = shown.map((entry) => ({ entry, at: contents === undefined ? place : childPlace(place, entry) }));
    const told = await tell?.(placed.map(({ entry, at }) => ({ entry, names: at.names })));
    const described: string[] = [];
    for (const { entry, at } of placed) {
      const resource = {
        names: at.names,
        base: parts.base,
        entry,
        locks: await look(at),
        accountId: caller.accountId,
        nowMs: parts.host.nowMs(),
        told: told?.get(entry.id),
        room: wantsQuota(question) && entry.type === "folder" ? await roomOf(entry) : undefined,
      };
      const href = hrefOf(parts.base, at.names, entry.type === "folder");
      described.push(describeResource({ href, resource, dead: dead.get(entry.id) ?? [], question }));
    }
    return described.join("");
  };
}

function childPlace({ names, lockPlaces }: DavPlace, { name, mounts }: EntryState) {
  const inner = mounts === undefined ? [] : [{ workspaceId: mounts, path: "" }];
  const places = lockPlaces.map(({ workspaceId, path }) => ({ workspaceId, path: `${path}/${name}` }));
  return { names: [...names, name], lockPlaces: [...places, ...inner] };
}
