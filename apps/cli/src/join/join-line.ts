import type { JoinInvitation } from "@satchel/api-client";

/** What is typed on another device, so that it joins. Loads what makes codes only when there is one to make. */
export async function joinLine(invitation: JoinInvitation): Promise<string> {
  const { encodeJoinCode } = await import("./join-code.ts");
  return `satchel join ${encodeJoinCode(invitation)}`;
}
