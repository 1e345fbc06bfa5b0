import type { PresenceWords } from "./en.ts";

export const presenceDe: PresenceWords = {
  viewing: "{{user}} hat das offen ({{device}})",
  editing: "{{user}} bearbeitet das ({{device}})",
};
