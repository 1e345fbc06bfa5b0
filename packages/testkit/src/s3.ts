import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { startEngine } from "./guarded-engine.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A real S3 server (versitygw) for one test file, with a bucket, on a free port of 127.0.0.1. It does not outlive this process. */
export interface RunningS3 extends AsyncDisposable {
  readonly bucket: string;
  /** `http://127.0.0.1:…`. */
  readonly endpoint: string;
  /** What `--blobs` takes. */
  readonly url: string;
  /** What a program that uses it has in its environment: credentials and a region. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the bucket's objects lie as files, so that a test can look, and damage them. */
  readonly directory: string;
  /** Ends the server as a crash would; `restart` brings it back at the same address, with what it held. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const environment = {
  AWS_ACCESS_KEY_ID: "satchel-test",
  AWS_SECRET_ACCESS_KEY: "satchel-test-secret",
  AWS_REGION: "us-east-1",
} as const;

/** Where `npm test` builds versitygw when it isn't on PATH. */
export function s3BuildFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "satchel-tests", "bin");
}

/** The program of the S3 server; undefined when there is none. */
export function findS3Server(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), s3BuildFolder()];
  return folders.map((folder) => join(folder, "versitygw")).find((path) => existsSync(path));
}

/** @throws when the server is not installed, saying how to get it */
export async function startS3(): Promise<RunningS3> {
  const program = findS3Server();
  if (program === undefined)
    throw new Error(
      "There is no S3 server for tests. `npm test` builds one with Go; or put versitygw (github.com/versity/versitygw) on PATH.",
    );
  const files = await temporaryDirectory("s3");
  const bucket = "chunks";
  for (const folder of ["data", `data/${bucket}`, "attributes"]) await mkdir(files.join(folder));
  const engine = await startEngine({
    name: "The S3 server",
    program,
    parameters: (port) => [
      "--quiet",
      "--keep-alive",
      "--port",
      `127.0.0.1:${port}`,
      "posix",
      "--sidecar",
      files.join("attributes"),
      files.join("data"),
    ],
    environment: () => ({
      ROOT_ACCESS_KEY: environment.AWS_ACCESS_KEY_ID,
      ROOT_SECRET_KEY: environment.AWS_SECRET_ACCESS_KEY,
      VGW_REGION: environment.AWS_REGION,
    }),
    answers,
  });
  const { port, kill, restart } = engine;
  const stop = async (): Promise<void> => {
    await kill();
    await files.remove();
  };
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    bucket,
    endpoint,
    url: `s3://${bucket}?endpoint=${endpoint}`,
    environment,
    directory: files.join("data", bucket),
    kill,
    restart,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Any answer will do: without credentials it is a refusal. */
async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1000) }).then(
    () => true,
    () => false,
  );
}
