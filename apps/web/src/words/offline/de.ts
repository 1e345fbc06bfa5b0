import type { OfflineWords } from "./en.ts";

export const offlineDe: OfflineWords = {
  title: "Der Server ist nicht erreichbar",
  lead: "Satchel macht von selbst weiter, sobald es geht.",
  kept: "Dateien, die in diesem Browser aufbewahrt sind",
  none: "In diesem Browser sind keine Dateien aufbewahrt. „Offline behalten“ im Menü einer Datei bewahrt sie auf.",
  show: "Anzeigen",
  save: "Kopie von {{name}} speichern",
  noText: "Diese Datei ist kein Text.",
};
