import { hash, verify } from "@node-rs/argon2";
import { ProblemError } from "@satchel/protocol";

/** Turns passwords into argon2id hashes and compares them, few at a time: each takes 19 MiB and tens of milliseconds. */
export interface PasswordHasher {
  /** @throws too_many_requests when more wait than the bound */
  hash(password: string): Promise<string>;
  /** Takes the same time for an account that doesn't exist (`undefined`), and answers false. @throws too_many_requests */
  verify(storedHash: string | undefined, password: string): Promise<boolean>;
}

/** OWASP's minimum for argon2id; the algorithm itself is the library's default. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const maxConcurrent = 2;
const maxWaiting = 64;

export function createPasswordHasher(): PasswordHasher {
  let running = 0;
  const waiting: (() => void)[] = [];
  let nobodysHash: Promise<string> | undefined;

  async function bounded<T>(work: () => Promise<T>): Promise<T> {
    if (running >= maxConcurrent) {
      if (waiting.length >= maxWaiting)
        throw new ProblemError("too_many_requests", "too many sign-ins at once", { retryAfterSeconds: 2 });
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return {
    hash: (password) => bounded(() => hash(password, cost)),
    verify: (storedHash, password) =>
      bounded(async () => {
        nobodysHash ??= hash("the password of nobody", cost);
        const matches = await verify(storedHash ?? (await nobodysHash), password);
        return matches && storedHash !== undefined;
      }),
  };
}
