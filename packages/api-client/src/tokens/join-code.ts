/** What a join code carries from one device to another. */
export interface JoinInvitation {
  readonly serverUrl: string;
  /** Good for one login, for a short time. */
  readonly secret: string;
}

/** SHA-256: each platform has its own. */
export type Sha256 = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array;

const formatByte = 1;
const checkBytes = 3;
/** The longest code that is looked at. */
const maxCodeLength = 2048;
const base64url = { alphabet: "base64url", omitPadding: true } as const;

/**
 * A code in letters, digits, '-' and '_': base64url of a format byte, a checksum that finds typing errors (3 bytes of SHA-256 of the rest), and the address and the
 * secret with a NUL in between.
 */
export function encodeJoinCode({ serverUrl, secret }: JoinInvitation, sha256: Sha256): string {
  const content = new TextEncoder().encode(`${serverUrl}\0${secret}`);
  const bytes = new Uint8Array(1 + checkBytes + content.length);
  bytes[0] = formatByte;
  bytes.set(sha256(content).subarray(0, checkBytes), 1);
  bytes.set(content, 1 + checkBytes);
  return bytes.toBase64(base64url);
}

/** Undefined when the text is no code, or one with a typing error. */
export function decodeJoinCode(code: string, sha256: Sha256): JoinInvitation | undefined {
  const bytes = parseBase64url(code.trim());
  const content = bytes?.slice(1 + checkBytes);
  if (!bytes || !content || bytes[0] !== formatByte) return undefined;
  const check = sha256(content);
  for (let index = 0; index < checkBytes; index += 1) if (check[index] !== bytes[1 + index]) return undefined;
  const [serverUrl, secret, ...rest] = new TextDecoder().decode(content).split("\0");
  if (!serverUrl || !secret || rest.length > 0 || !/^https?:\/\/[^/]/.test(serverUrl)) return undefined;
  return { serverUrl, secret };
}

function parseBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length > maxCodeLength || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  try {
    return Uint8Array.fromBase64(text, { alphabet: "base64url" });
  } catch {
    return undefined;
  }
}
