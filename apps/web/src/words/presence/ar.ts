import type { InArabic } from "../arabic-plurals.ts";
import type { PresenceWords } from "./en.ts";

export const presenceAr: InArabic<PresenceWords> = {
  viewing: "هذا مفتوح لدى {{user}} ({{device}})",
  editing: "يحرّر {{user}} هذا ({{device}})",
};
