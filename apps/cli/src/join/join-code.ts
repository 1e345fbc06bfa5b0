import { hash } from "node:crypto";

/** What a join code carries from one device to another. */
export interface JoinInvitation {
  readonly serverUrl: string;
  /** Good for one login, for a short time. */
  readonly secret: string;
}

const formatByte = 1;
const checkBytes = 3;
/** The longest code that is looked at. */
const maxCodeLength = 2048;

/**
 * A code in letters, digits, '-' and '_': base64url of a format byte, a checksum that finds typing errors (3 bytes of SHA-256 of the rest), and the address and the
 * secret with a NUL in between.
 */
export function encodeJoinCode({ serverUrl, secret }: JoinInvitation): string {
  const content = Buffer.from(`${serverUrl}\0${secret}`);
  return Buffer.concat([Buffer.of(formatByte), checkOf(content), content]).toString("base64url");
}

/** Undefined when the text is no code, or one with a typing error. */
export function decodeJoinCode(code: string): JoinInvitation | undefined {
  const text = code.trim();
  if (text.length > maxCodeLength || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64url");
  const content = bytes.subarray(1 + checkBytes);
  if (bytes[0] !== formatByte || !checkOf(content).equals(bytes.subarray(1, 1 + checkBytes))) return undefined;
  const [serverUrl, secret, ...rest] = content.toString("utf8").split("\0");
  if (!serverUrl || !secret || rest.length > 0 || !/^https?:\/\/[^/]/.test(serverUrl)) return undefined;
  return { serverUrl, secret };
}

function checkOf(content: Buffer): Buffer {
  return hash("sha256", content, "buffer").subarray(0, checkBytes);
}
