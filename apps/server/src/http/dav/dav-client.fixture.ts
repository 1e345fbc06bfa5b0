import type { TestDevice } from "../test-server.fixture.ts";

export interface DavAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** For tests: speaks WebDAV as some program, with what it sends on every request. */
export function davClient(url: string, headers: Record<string, string>, root = "/dav") {
  return async (
    method: string,
    path: string,
    options: { readonly headers?: Record<string, string>; readonly body?: string | Uint8Array<ArrayBuffer> } = {},
  ): Promise<DavAnswer> => {
    const response = await fetch(`${url}${root}${path}`, {
      method,
      headers: { ...headers, ...options.headers },
      redirect: "manual",
      ...(options.body !== undefined && { body: options.body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}

export type DavClient = ReturnType<typeof davClient>;

/** A program that signs in by a device's token. */
export function davOf(device: TestDevice): DavClient {
  return davClient(device.url, device.authorization);
}

/** The addresses that a listing tells, in order. */
export function hrefsOf(text: string): string[] {
  return [...text.matchAll(/<d:response><d:href>([^<]*)<\/d:href>/g)].map(([, href = ""]) => href);
}

export function lockInfo({ scope = "exclusive", owner = "test" } = {}): string {
  return `<?xml version="1.0"?><lockinfo xmlns="DAV:"><lockscope><${scope}/></lockscope><locktype><write/></locktype><owner>${owner}</owner></lockinfo>`;
}

export function askFor(...properties: readonly string[]): string {
  return `<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop>${properties.map((name) => `<D:${name}/>`).join("")}</D:prop></D:propfind>`;
}
