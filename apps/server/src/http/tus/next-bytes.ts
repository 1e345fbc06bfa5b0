import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { ProblemError } from "@satchel/protocol";
import type { NextBytes } from "../../features/resumable/resumable-uploads.ts";
import { piecesWithSum } from "../dav/checked-pieces.ts";
import { piecesOf } from "../dav/transfers.ts";

/** How the protocol calls sums; Node calls them the same. */
export const checksumAlgorithms = ["sha1", "sha256", "sha512", "md5"] as const;

export const bytesMediaType = "application/offset+octet-stream";

/** A part of a file, as a request's body has it; reading it ends with checksum_mismatch if it is another. @throws unsupported_media_type, bad_request */
export function nextBytesOf(
  headers: IncomingHttpHeaders,
  body: IncomingMessage | undefined,
  offsetBytes: number,
): NextBytes {
  if (headers["content-type"]?.toLowerCase() !== bytesMediaType)
    throw new ProblemError("unsupported_media_type", `bytes are sent as ${bytesMediaType}`);
  const sum = checksumOf(headers);
  if (!sum) return { offsetBytes, pieces: untilCut(piecesOf(body)), isWhole: false };
  const wrong = new ProblemError("checksum_mismatch", "the bytes are not what their checksum says");
  return { offsetBytes, pieces: piecesWithSum(piecesOf(body), { ...sum, wrong }), isWhole: true };
}

/** What came before the connection ended is kept: that is what the protocol is for. */
async function* untilCut(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of pieces) yield piece;
  } catch {
    // Nobody is there any more to be told.
  }
}

/** @throws bad_request */
function checksumOf(headers: IncomingHttpHeaders) {
  const header = headers["upload-checksum"];
  if (header === undefined) return undefined;
  const [algorithm = "", sum = ""] = String(header).split(" ");
  if (!checksumAlgorithms.some((known) => known === algorithm))
    throw new ProblemError("bad_request", `checksums are ${checksumAlgorithms.join(", ")}`);
  return { algorithm, sumHex: Buffer.from(sum, "base64").toString("hex") };
}
