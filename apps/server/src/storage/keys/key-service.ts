/** A service that keeps a key which never leaves it, and encrypts and decrypts our master key with it. Whoever has only our disk has nothing. */
export interface KeyService {
  /** Which service and key, for people. */
  readonly name: string;
  /** Encrypts with the service's newest version of the key. @throws KeyServiceError */
  wrap(key: Uint8Array): Promise<string>;
  /** @throws KeyServiceError */
  unwrap(wrapped: string): Promise<Uint8Array>;
}

/** The service could not be asked, or refused; the message says which and what it answered. */
export class KeyServiceError extends Error {
  override readonly name = "KeyServiceError";
}

/** How long a service may take to answer. */
const timeoutMs = 10_000;
/** The longest answer that is read. */
const maxAnswerBytes = 64 * 1024;

/** Asks a key service by HTTP, and gives the JSON that it answers. @throws KeyServiceError */
export async function askKeyService(
  service: string,
  request: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<unknown> {
  const { url, headers, body } = request;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.timeout(timeoutMs),
      redirect: "error",
    });
    const text = await readText(response);
    if (!response.ok) throw new KeyServiceError(`${service} answered ${response.status}: ${text.slice(0, 200)}`);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof KeyServiceError) throw error;
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new KeyServiceError(`${service} can't be asked: ${String(reason)}`, { cause: error });
  }
}

async function readText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > maxAnswerBytes) throw new KeyServiceError("the answer of the key service is too long");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
