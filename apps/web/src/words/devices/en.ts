/** Texts about what devices do. */
export const devicesEn = {
  label: "Devices",
  state: { synced: "Synced", syncing: "Syncing…", paused: "Paused", error: "Needs attention", offline: "Offline" },
  pending_one: "{{count, number}} file to go ({{size}})",
  pending_other: "{{count, number}} files to go ({{size}})",
  arriving: "Uploading from {{device}}: {{names}}",
  arrivingMore_one: "Uploading from {{device}}: {{names}} and {{count, number}} more",
  arrivingMore_other: "Uploading from {{device}}: {{names}} and {{count, number}} more",
  deviceOf: "{{device}} ({{user}})",
};

/** The shape that every language has. */
export type DevicesWords = typeof devicesEn;
