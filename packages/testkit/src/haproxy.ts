import { startEngine } from "./guarded-engine.ts";
import { findReverseProxy } from "./reverse-proxies.ts";

/** A real HAProxy for one test, on a free port of 127.0.0.1. It does not outlive this process. */
export interface RunningHaproxy extends AsyncDisposable {
  /** `http://127.0.0.1:…`. */
  readonly url: string;
}

/** With a configuration that takes its own address from `SATCHEL_BIND` and the others from `environment`. @throws when it is not installed, saying how to get it */
export async function startHaproxy(options: {
  readonly configuration: string;
  readonly environment: Readonly<Record<string, string>>;
}): Promise<RunningHaproxy> {
  const program = findReverseProxy("haproxy");
  if (program === undefined)
    throw new Error(
      "HAProxy is not installed. On Debian or Ubuntu: `apt-get install haproxy`; `npm test` does it as root or with sudo.",
    );
  const { port, kill } = await startEngine({
    name: "HAProxy",
    program,
    parameters: () => ["-db", "-f", options.configuration],
    environment: (own) => ({ ...options.environment, SATCHEL_BIND: `127.0.0.1:${own}` }),
    answers,
  });
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: kill };
}

/** Any answer will do: as long as no server is well it is a refusal. */
async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1000) }).then(
    () => true,
    () => false,
  );
}
