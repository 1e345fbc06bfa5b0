import type { ManifestChunk } from "@satchel/chunking";
import { chunkHashSchema, minDirectChunkBytes, ProblemError, type ChunkHash } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { BroughtChunk, DirectAddress, DirectChunks } from "../../storage/chunks/direct-chunks.ts";
import type { LedgerStore } from "../../storage/metadata/ledger-store.ts";
import type { ServerKeys } from "../identity/server-keys.ts";
import type { Quota } from "../quota/quota.ts";
import { requireSigned, signAddress } from "../signed-address/address-signature.ts";
import type { ChunkTransfer, UrlHolder } from "./chunk-transfer.ts";
import { chunkUrlMs } from "./chunk-url.ts";
import type { DamagedChunks } from "./damaged-chunks.ts";

/**
 * Large chunks between clients and the object store, past this server. The rights are those of the ways through the server: only who holds a chunk gets an address of it, and only who brought
 * the bytes holds it then. Empty answers where no chunk goes that way.
 */
export interface DirectTransfer {
  /** Where to bring each chunk, with a receipt to hand in afterwards; undefined for small ones. @throws quota_exceeded */
  openUploads(holder: UrlHolder, chunks: readonly ManifestChunk[]): Promise<(ReceiptedUpload | undefined)[]>;
  /** Lets the workspace hold those chunks that the object store has taken. @throws url_expired, quota_exceeded */
  takeOver(holder: UrlHolder, receipts: readonly string[]): Promise<boolean[]>;
  /** Where to fetch each chunk; undefined for those that only come through the server. @throws not_found */
  openDownloads(holder: UrlHolder, chunks: readonly ManifestChunk[]): Promise<(DirectAddress | undefined)[]>;
}

export interface ReceiptedUpload extends DirectAddress {
  readonly receipt: string;
}

interface DirectTransferParts {
  readonly direct: DirectChunks | undefined;
  readonly transfer: Pick<ChunkTransfer, "requireHeld">;
  readonly ledger: LedgerStore;
  readonly quota: Quota;
  readonly damaged: DamagedChunks;
  readonly keys: ServerKeys;
  readonly host: Host;
}

/** Short, since no revocation reaches an address at the object store. */
const downloadMs = 2 * 60 * 1000;
/** Longer than the address is good: what arrived at its last moment is handed in after it. */
const receiptMs = 3 * chunkUrlMs;

export function createDirectTransfer(parts: DirectTransferParts): DirectTransfer {
  const { direct, transfer, ledger, quota, damaged, keys, host } = parts;
  return {
    async openUploads(holder, chunks) {
      if (!direct) return [];
      const large = chunks.filter(isLarge);
      if (large.length === 0) return chunks.map(() => undefined);
      await quota.admit(holder.workspaceId, large);
      const uploads = (await direct.openUploads(large, chunkUrlMs)).values();
      const expires = host.nowMs() + receiptMs;
      return chunks.map((chunk) => {
        const upload = isLarge(chunk) ? uploads.next().value : undefined;
        if (!upload) return undefined;
        const { url, headers, objectKey } = upload;
        return { url, headers, receipt: writeReceipt(keys.chunkUrl, holder, { ...chunk, objectKey, expires }) };
      });
    },
    async takeOver(holder, receipts) {
      if (!direct) return receipts.map(() => false);
      const chunks = receipts.map((receipt) => readReceipt(keys.chunkUrl, holder, { receipt, nowMs: host.nowMs() }));
      await quota.admit(holder.workspaceId, chunks);
      const stored = await direct.takeOver(chunks, holder.workspaceId);
      const held = chunks.filter((_, index) => stored[index]);
      if (held.length === 0) return stored;
      damaged.remove(held.map(({ hash }) => hash));
      await ledger.grant(holder.workspaceId, held, host.nowMs());
      return stored;
    },
    async openDownloads({ workspaceId }, chunks) {
      if (!direct) return [];
      await transfer.requireHeld(workspaceId, chunks);
      // Chunks that are known to be damaged are asked for from devices on the way through the server.
      const wanted = chunks.filter((chunk) => isLarge(chunk) && !damaged.has(chunk.hash));
      const addresses = await direct.openDownloads(
        wanted.map(({ hash }) => hash),
        { holder: workspaceId, forMs: downloadMs },
      );
      const found = new Map(wanted.map(({ hash }, index) => [hash, addresses[index]]));
      return chunks.map(({ hash }) => found.get(hash));
    },
  };
}

function isLarge({ sizeBytes }: ManifestChunk): boolean {
  return sizeBytes >= minDirectChunkBytes;
}

interface Receipt extends BroughtChunk {
  readonly expires: number;
}

function writeReceipt(key: Uint8Array, holder: UrlHolder, receipt: Receipt): string {
  const { objectKey, hash, sizeBytes, expires } = receipt;
  return [objectKey, hash, sizeBytes, expires, signAddress(key, saidBy(holder, receipt), expires)].join(".");
}

/** @throws url_expired unless this server wrote it for this device and workspace, and its time isn't over */
function readReceipt(
  key: Uint8Array,
  holder: UrlHolder,
  { receipt, nowMs }: { readonly receipt: string; readonly nowMs: number },
): BroughtChunk {
  const [objectKey = "", hash = "", size = "", expires = "", signature = ""] = receipt.split(".");
  if (!chunkHashSchema.safeParse(hash).success) throw new ProblemError("url_expired");
  const chunk = { objectKey, hash: hash as ChunkHash, sizeBytes: Number(size) };
  requireSigned(key, saidBy(holder, chunk), { expires: Number(expires), signature }, nowMs);
  return chunk;
}

/** Begins with a word that no address begins with. */
function saidBy({ workspaceId, deviceId }: UrlHolder, { objectKey, hash, sizeBytes }: BroughtChunk) {
  return ["DIRECT", workspaceId, deviceId, objectKey, hash, sizeBytes];
}
