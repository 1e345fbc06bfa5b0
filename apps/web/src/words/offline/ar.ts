import type { InArabic } from "../arabic-plurals.ts";
import type { OfflineWords } from "./en.ts";

export const offlineAr: InArabic<OfflineWords> = {
  title: "تعذّر الوصول إلى الخادم",
  lead: "يواصل Satchel تلقائيًا حالما يستطيع.",
  kept: "ملفات محفوظة في هذا المتصفح",
  none: "لا ملفات محفوظة في هذا المتصفح. يُحفظ الملف بخيار «الحفظ للعمل دون اتصال» في قائمته.",
  show: "عرض",
  save: "حفظ نسخة من {{name}}",
  noText: "هذا الملف ليس نصًا.",
};
