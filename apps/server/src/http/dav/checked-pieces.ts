import { createHash } from "node:crypto";
import { ProblemError } from "@satchel/protocol";

/** How programs call the sums that they send along, and how they are made. */
const algorithms: Readonly<Record<string, string>> = { SHA1: "sha1", MD5: "md5", SHA256: "sha256" };

/** The same pieces, refused at their end unless they have the sum that was sent along: `SHA1:` and so on, in hex. One of another kind is not looked at. @throws bad_request */
export async function* checkedPieces(
  pieces: AsyncIterable<Uint8Array>,
  header: string | readonly string[] | undefined,
): AsyncGenerator<Uint8Array> {
  const [, kind = "", sum = ""] = /^(\w+):([\da-f]+)$/i.exec(String(header ?? "")) ?? [];
  const algorithm = algorithms[kind.toUpperCase()];
  if (algorithm === undefined) {
    yield* pieces;
    return;
  }
  const wrong = new ProblemError("bad_request", "the content is not what its checksum says");
  yield* piecesWithSum(pieces, { algorithm, sumHex: sum.toLowerCase(), wrong });
}

/** The same pieces, and what is `wrong` is thrown at their end when their sum is another. `algorithm` as Node calls it. */
export async function* piecesWithSum(
  pieces: AsyncIterable<Uint8Array>,
  { algorithm, sumHex, wrong }: { readonly algorithm: string; readonly sumHex: string; readonly wrong: Error },
): AsyncGenerator<Uint8Array> {
  const hash = createHash(algorithm);
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest("hex") !== sumHex) throw wrong;
}
