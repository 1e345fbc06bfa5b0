const MIB = 1024 * 1024;

/**
 * How much the acceptance tests carry: with `SATCHEL_E2E_SCALE=full` what the product promises (a file of 1 GiB, the
 * whole check in the copy), otherwise less of it, so that every change can be tested.
 */
export const isFullScale = process.env["SATCHEL_E2E_SCALE"] === "full";

/** Size of the big file. */
export const bigFileBytes = (isFullScale ? 1024 : 256) * MIB;

/** 2 % of 1 GiB: what may be sent again after an interruption. It is on its way when it comes, so no share of a smaller file. */
export const resendLimitBytes = 0.02 * 1024 * MIB;
