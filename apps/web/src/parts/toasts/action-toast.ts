/** How long a message that offers something to do stays, unless it is closed: long enough to read it and to get there by keyboard (WCAG 2.2, 2.2.1). */
export const actionToastMs = 30_000;
