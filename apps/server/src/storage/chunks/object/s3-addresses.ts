import type { S3Client } from "@aws-sdk/client-s3";
import { SignatureV4 } from "@smithy/signature-v4";
import type { S3Place } from "../s3-setting.ts";
import type { ObjectAddress, ObjectAddresses } from "./object-store.ts";

type Method = "PUT" | "GET";

/**
 * Presigned addresses (AWS Signature Version 4, in the query). What matters of a request stands in signed headers that stay headers: a checksum that is moved to the query ("hoisted") is
 * signed as well, but S3 then compares no bytes with it. Buckets are named in the path, which every S3 takes and every certificate fits.
 */
export function createS3Addresses(
  { config }: Pick<S3Client, "config">,
  { bucket, prefix, encryption, endpoint, direct }: S3Place,
): ObjectAddresses {
  const { credentials, region, sha256 } = config;
  const signer = new SignatureV4({ service: "s3", credentials, region, sha256, uriEscapePath: false });
  const origin = async (): Promise<URL> =>
    new URL(direct?.endpoint ?? endpoint ?? `https://s3.${await region()}.amazonaws.com`);

  async function sign(
    request: {
      readonly method: Method;
      readonly key: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Of the body; every client says so by itself, and so it is signed beside the headers that it is told of. */
      readonly sizeBytes?: number;
    },
    forMs: number,
  ): Promise<ObjectAddress> {
    const { headers, method, sizeBytes } = request;
    const { protocol, host, hostname, port, pathname } = await origin();
    const path = `${pathname.replace(/\/$/, "")}/${[bucket, ...`${prefix}${request.key}`.split("/")].map(escapePart).join("/")}`;
    const conditions = { ...headers, ...(sizeBytes !== undefined && { "content-length": String(sizeBytes) }) };
    const names = Object.keys(conditions);
    const signed = await signer.presign(
      {
        method,
        protocol,
        hostname,
        ...(port === "" ? {} : { port: Number(port) }),
        path,
        query: {},
        // S3 compares the bytes with the checksum; what else it would hash them for is left out.
        headers: { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", ...conditions },
      },
      {
        expiresIn: Math.floor(forMs / 1000),
        unhoistableHeaders: new Set(names),
        signableHeaders: new Set(["host", ...names]),
      },
    );
    const query = Object.entries(signed.query ?? {}).map(
      ([name, value]) => `${escapePart(name)}=${escapePart(String(value))}`,
    );
    return { url: `${protocol}//${host}${path}?${query.join("&")}`, headers };
  }

  return {
    toPut(key, { sha256: hash, sizeBytes, forMs }) {
      const headers: Record<string, string> = {
        "x-amz-checksum-sha256": Buffer.from(hash, "hex").toString("base64"),
        ...(encryption === undefined ? {} : { "x-amz-server-side-encryption": encryption.by }),
        ...(encryption?.keyId === undefined ? {} : { "x-amz-server-side-encryption-aws-kms-key-id": encryption.keyId }),
      };
      return sign({ method: "PUT", key, headers, sizeBytes }, forMs);
    },
    toGet: ({ key, offset, length }, forMs) =>
      sign({ method: "GET", key, headers: { range: `bytes=${offset}-${offset + length - 1}` } }, forMs),
  };
}

/** RFC 3986, as the signature counts it. */
function escapePart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
