/** `api`: requests. `notify`: connections that wait for changes. `worker`: what is done without anybody asking. */
export const roles = ["api", "notify", "worker"] as const;

/** What a process of the server does. */
export type Role = (typeof roles)[number];
