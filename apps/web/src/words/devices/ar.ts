import { files, ofFiles, plural, type InArabic } from "../arabic-plurals.ts";
import type { DevicesWords } from "./en.ts";

export const devicesAr: InArabic<DevicesWords> = {
  label: "الأجهزة",
  state: {
    synced: "متزامن",
    syncing: "جارٍ التزامن…",
    paused: "متوقف مؤقتًا",
    error: "يحتاج إلى انتباه",
    offline: "غير متصل",
  },
  ...plural("pending", files, (some) => `بقي ${some} ({{size}})`),
  arriving: "رفع من {{device}}: {{names}}",
  ...plural("arrivingMore", ofFiles, (some) => `رفع من {{device}}: {{names}}، إضافة إلى ${some}`),
  deviceOf: "{{device}} ({{user}})",
};
