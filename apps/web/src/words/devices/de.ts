import type { DevicesWords } from "./en.ts";

export const devicesDe: DevicesWords = {
  label: "Geräte",
  state: {
    synced: "Synchron",
    syncing: "Synchronisiert…",
    paused: "Pausiert",
    error: "Braucht Aufmerksamkeit",
    offline: "Offline",
  },
  pending_one: "noch {{count, number}} Datei ({{size}})",
  pending_other: "noch {{count, number}} Dateien ({{size}})",
  arriving: "Wird von {{device}} hochgeladen: {{names}}",
  arrivingMore_one: "Wird von {{device}} hochgeladen: {{names}} und {{count, number}} weitere",
  arrivingMore_other: "Wird von {{device}} hochgeladen: {{names}} und {{count, number}} weitere",
  deviceOf: "{{device}} ({{user}})",
};
