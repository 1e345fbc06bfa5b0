/** How long a task is one runner's without a word from it, in milliseconds. */
export const taskLeaseMs = 60_000;
