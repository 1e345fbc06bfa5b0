/** Texts about who has a file open. */
export const presenceEn = {
  viewing: "{{user}} has this open ({{device}})",
  editing: "{{user}} is editing this ({{device}})",
};

/** The shape that every language has. */
export type PresenceWords = typeof presenceEn;
