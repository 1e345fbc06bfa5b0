import { ProblemError } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../features/authorisation/authorisation.ts";
import { DavError } from "../../features/dav/dav-error.ts";
import {
  addLock,
  maxLockOwnerLength,
  prolongLock,
  removeLock,
  requireUnlocked,
  type PlacedLock,
} from "../../features/dav/dav-locks.ts";
import type { DavPlace } from "../../features/dav/dav-place.ts";
import { putFile } from "../../features/dav/put-file.ts";
import type { DavContext } from "./dav-context.ts";
import { depthOf, lockSecondsOf } from "./dav-headers.ts";
import { davXmlType } from "./dav-problem.ts";
import { describeLock } from "./live-properties.ts";
import { readXmlBody } from "./read-question.ts";
import { writeXml, xmlHead } from "./xml/write-xml.ts";
import { findDav, isDav, type XmlElement } from "./xml/xml-element.ts";

interface Asked {
  readonly caller: Caller;
  readonly place: DavPlace;
  /** The lock tokens that the request names. */
  readonly tokens: ReadonlySet<string>;
}

/** Locks what is at the address, or prolongs a lock; where nothing is, an empty file is made (RFC 4918, section 7.3). @throws 409, 412, 423, bad_request */
export async function answerLock(parts: DavContext, request: FastifyRequest, reply: FastifyReply, asked: Asked) {
  const { caller, place, tokens } = asked;
  const seconds = lockSecondsOf(request.headers);
  const depth = depthOf(request.headers, "infinity");
  if (depth === "1") throw new ProblemError("bad_request", "a lock has Depth 0 or infinity");
  const info = await readXmlBody(request);
  if (!info) {
    const lock = await prolongLock(parts, caller, { place, tokens, seconds });
    return sendLock(parts, reply.code(200), { lock, caller });
  }
  const wanted = { place, isDeep: depth === "infinity", ...readLockInfo(info), seconds };
  const isNew = place.found === undefined;
  if (isNew) {
    if (place.parent === undefined) throw new DavError(409, "there is no folder for it");
    await requireUnlocked(parts, caller, { change: { place, isOfFolder: true, isDeep: false }, tokens });
  }
  const lock = await addLock(parts, caller, wanted);
  if (isNew) await putEmpty(parts, caller, { place, lock });
  return sendLock(parts, reply.code(isNew ? 201 : 200).header("lock-token", `<${lock.token}>`), { lock, caller });
}

/** The lock is there first, so that nobody comes between. */
async function putEmpty(
  parts: DavContext,
  caller: Caller,
  { place, lock }: { readonly place: DavPlace; readonly lock: PlacedLock },
): Promise<void> {
  const pieces = (async function* () {})();
  try {
    await putFile(parts, caller, {
      place,
      content: { pieces, sizeBytes: 0, modified: undefined, isConditional: true, requireStill: async () => {} },
    });
  } catch (error) {
    await parts.metadata.dav.removeLocks(lock.workspaceId, [lock.token]);
    throw error;
  }
}

function sendLock(
  { host, base }: DavContext,
  reply: FastifyReply,
  { lock, caller }: { readonly lock: PlacedLock; readonly caller: Caller },
): FastifyReply {
  const described = describeLock(lock, { base, accountId: caller.accountId, nowMs: host.nowMs() });
  const body = `${xmlHead}<d:prop xmlns:d="DAV:"><d:lockdiscovery>${described}</d:lockdiscovery></d:prop>\n`;
  return reply.header("content-type", davXmlType).send(Buffer.from(body));
}

function readLockInfo(info: XmlElement): { readonly isExclusive: boolean; readonly owner: string } {
  if (!isDav(info, "lockinfo")) throw new ProblemError("bad_request", "the body is no DAV:lockinfo");
  const scope = findDav(info, "lockscope");
  const type = findDav(info, "locktype");
  const isExclusive = scope !== undefined && findDav(scope, "exclusive") !== undefined;
  const isShared = scope !== undefined && findDav(scope, "shared") !== undefined;
  if (!type || !findDav(type, "write") || isExclusive === isShared)
    throw new ProblemError("bad_request", "a lock is for writing, and exclusive or shared");
  const owner = (findDav(info, "owner")?.children ?? []).map(writeXml).join("");
  if (owner.length > maxLockOwnerLength)
    throw new ProblemError("bad_request", `a lock's owner has at most ${maxLockOwnerLength} characters`);
  return { isExclusive, owner };
}

/** @throws 403, 409, bad_request */
export async function answerUnlock(
  parts: DavContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, place }: Pick<Asked, "caller" | "place">,
) {
  const [, token] = /^\s*<([^<>\s]{1,500})>\s*$/.exec(String(request.headers["lock-token"] ?? "")) ?? [];
  if (token === undefined) throw new ProblemError("bad_request", "Lock-Token is missing");
  await removeLock(parts, caller, { place, token });
  return reply.code(204).send();
}
