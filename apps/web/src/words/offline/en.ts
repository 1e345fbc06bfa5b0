/** Texts for when the server can't be reached as the app begins. */
export const offlineEn = {
  title: "The server can't be reached",
  lead: "Satchel goes on by itself as soon as it can.",
  kept: "Files that are kept in this browser",
  none: "No files are kept in this browser. “Keep offline” in a file's menu keeps one.",
  show: "Show",
  save: "Save a copy of {{name}}",
  noText: "This file is no text.",
};

/** The shape that every language has. */
export type OfflineWords = typeof offlineEn;
