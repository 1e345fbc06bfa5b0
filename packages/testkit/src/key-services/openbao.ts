import { randomBytes } from "node:crypto";
import { startEngine } from "../guarded-engine.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { keyServicesOrThrow } from "./key-service-programs.ts";

/** A real OpenBao for one test file, open and empty, in memory. It does not outlive this process. */
export interface RunningOpenBao extends AsyncDisposable {
  /** `http://127.0.0.1:…`. */
  readonly address: string;
  /** May do everything. */
  readonly rootToken: string;
  stop(): Promise<void>;
}

/** @throws when it is not installed, saying how to get it */
export async function startOpenBao(): Promise<RunningOpenBao> {
  const { bao } = keyServicesOrThrow();
  const home = await temporaryDirectory("openbao");
  const rootToken = `root-${randomBytes(12).toString("hex")}`;
  const { port, kill } = await startEngine({
    name: "OpenBao",
    program: bao,
    parameters: (at) => [
      "server",
      "-dev",
      "-dev-no-store-token",
      `-dev-root-token-id=${rootToken}`,
      `-dev-listen-address=127.0.0.1:${at}`,
    ],
    environment: () => ({ HOME: home.path }),
    answers: isOpen,
  });
  const stop = async (): Promise<void> => {
    await kill();
    await home.remove();
  };
  return { address: `http://127.0.0.1:${port}`, rootToken, stop, [Symbol.asyncDispose]: stop };
}

/** Its health is 200 once it is unsealed and active, and an error before. */
async function isOpen(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/v1/sys/health`, { signal: AbortSignal.timeout(1000) }).then(
    ({ status }) => status === 200,
    () => false,
  );
}
