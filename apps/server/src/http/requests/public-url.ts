import type { FastifyRequest } from "fastify";

/** Paths as addresses: under the configured one, else under the one that this request was sent to, which its sender evidently reaches. */
export function absoluteUrls(
  request: FastifyRequest,
  publicUrl: string | undefined,
  paths: readonly string[],
): string[] {
  const base = publicUrl ?? `${request.protocol}://${request.host}`;
  return paths.map((path) => base + path);
}
