import { hash } from "node:crypto";
import * as codes from "@satchel/api-client";

const sha256 = (bytes: Uint8Array): Uint8Array => hash("sha256", bytes, "buffer");

/** The code that another device joins by; see api-client. */
export function encodeJoinCode(invitation: codes.JoinInvitation): string {
  return codes.encodeJoinCode(invitation, sha256);
}

/** Undefined when the text is no code, or one with a typing error. */
export function decodeJoinCode(code: string): codes.JoinInvitation | undefined {
  return codes.decodeJoinCode(code, sha256);
}
