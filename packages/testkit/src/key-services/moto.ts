import { startEngine } from "../guarded-engine.ts";
import { keyServicesOrThrow } from "./key-service-programs.ts";

/** moto for one test file: what speaks as AWS does, empty, in memory. It does not outlive this process. */
export interface RunningMoto extends AsyncDisposable {
  /** `http://127.0.0.1:…`, for all of AWS's services. */
  readonly endpoint: string;
  /** From now on every request needs a right signature of somebody with the permission; until then nobody is asked. */
  closeDoors(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws when it is not installed, saying how to get it */
export async function startMoto(): Promise<RunningMoto> {
  const { moto } = keyServicesOrThrow();
  const { port, kill } = await startEngine({
    name: "moto",
    program: moto,
    parameters: (at) => ["-H", "127.0.0.1", "-p", `${at}`],
    answers: async (at) =>
      fetch(`http://127.0.0.1:${at}/moto-api/`, { signal: AbortSignal.timeout(1000) }).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    async closeDoors() {
      // How many requests go unchecked (https://docs.getmoto.org/en/latest/docs/iam.html).
      const { ok, status } = await fetch(`${endpoint}/moto-api/reset-auth`, { method: "POST", body: "0" });
      if (!ok) throw new Error(`moto did not close its doors: ${status}`);
    },
    stop: kill,
    [Symbol.asyncDispose]: kill,
  };
}
