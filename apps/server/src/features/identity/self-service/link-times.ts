/** How long a link for a new password is good, in milliseconds. */
export const resetWithinMs = 3600 * 1000;
/** How long a link that confirms an address is good, in milliseconds. */
export const confirmWithinMs = 24 * 3600 * 1000;
/** How long an invitation is good, in milliseconds. */
export const invitationMs = 7 * 24 * 3600 * 1000;
