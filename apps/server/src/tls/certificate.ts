import { X509Certificate, createPrivateKey } from "node:crypto";
import { watch, type FSWatcher } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Server } from "node:tls";
import { ServerConfigError } from "../config/server-config-error.ts";

/** Where a server's certificate (with its chain) and key lie, in PEM. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What is asked of every connection. */
export const tlsRules = { minVersion: "TLSv1.2", honorCipherOrder: true } as const;

/** Changes come in several steps: both files are looked at once they rest. */
const restMs = 500;

/** @throws ServerConfigError when a file can't be read, is none, or the two don't belong together */
export async function readCertificate(files: TlsFiles): Promise<Certificate> {
  const read = (path: string): Promise<Buffer> =>
    readFile(path).catch((cause: Error) => {
      throw new ServerConfigError(`the TLS file ${path} can't be read: ${cause.message}`);
    });
  const [cert, key] = await Promise.all([read(files.certificate), read(files.key)]);
  let fits: boolean;
  try {
    fits = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new ServerConfigError(`${files.certificate} is no certificate in PEM, or ${files.key} no key`);
  }
  if (!fits) throw new ServerConfigError(`the key ${files.key} is not the one of the certificate ${files.certificate}`);
  return { cert, key };
}

/**
 * Gives new connections a new certificate as soon as the files have changed; those that are open stay as they are. Files that don't fit change nothing: they may be
 * half written. The folders are watched, since tools that renew certificates replace files and links. Returns what ends it.
 */
export function reloadCertificate(
  server: Pick<Server, "setSecureContext">,
  files: TlsFiles,
  tell: { readonly reloaded: () => void; readonly failed: (error: unknown) => void },
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let current = "";
  const reload = async (): Promise<void> => {
    const certificate = await readCertificate(files);
    const text = certificate.cert.toString("latin1");
    if (text === current) return;
    server.setSecureContext({ ...certificate, ...tlsRules });
    current = text;
    tell.reloaded();
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void reload().catch(tell.failed), restMs);
    timer.unref();
  };
  const watchers: FSWatcher[] = [...new Set([dirname(files.certificate), dirname(files.key)])].map((folder) =>
    watch(folder, { persistent: false }, soon).on("error", tell.failed),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
