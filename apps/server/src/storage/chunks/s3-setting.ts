/** Where chunks lie in S3, as `--blobs` tells. */
export interface S3Place {
  readonly bucket: string;
  /** Before every key: empty, or ending in a slash. */
  readonly prefix: string;
  /** Of a server other than Amazon's; undefined: Amazon's, or what `AWS_ENDPOINT_URL` names. */
  readonly endpoint: string | undefined;
  /** Undefined: as `AWS_REGION` or the profile says. */
  readonly region: string | undefined;
  /** What S3 encrypts objects with; undefined: what the bucket is set to. */
  readonly encryption: { readonly by: "AES256" | "aws:kms"; readonly keyId: string | undefined } | undefined;
  /** How clients come to S3 themselves: at its own address, or at another; undefined: not at all. */
  readonly direct: { readonly endpoint: string | undefined } | undefined;
}

const known = new Set(["endpoint", "region", "sse", "direct"]);

/**
 * `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME&sse=AES256|aws:kms|aws:kms:KEY&direct=on|off|URL]`. Credentials are never part of it: command lines are seen by others.
 * @throws RangeError saying what is wrong
 */
export function parseS3Setting(text: string): S3Place {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "s3:" || url.hostname === "" || url.port !== "" || url.hash !== "")
    throw new RangeError(`it takes s3://BUCKET or s3://BUCKET/PREFIX, not "${text}"`);
  if (url.username !== "" || url.password !== "")
    throw new RangeError("credentials don't belong into it: give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  const unknown = [...url.searchParams.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) throw new RangeError(`there is no "${unknown}" in it; it takes ${[...known].join(", ")}`);
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, "");
  const endpoint = parseEndpoint("endpoint", url.searchParams.get("endpoint"));
  return {
    bucket: url.hostname,
    prefix: prefix === "" ? "" : `${prefix}/`,
    endpoint,
    region: url.searchParams.get("region") || undefined,
    encryption: parseEncryption(url.searchParams.get("sse")),
    direct: parseDirect(url.searchParams.get("direct"), endpoint),
  };
}

/** An S3 that is spoken to without TLS stands beside the server as a rule, where clients don't come. */
function parseDirect(text: string | null, endpoint: string | undefined): S3Place["direct"] {
  const isForAll = endpoint === undefined || endpoint.startsWith("https:");
  if (text === "off" || (!text && !isForAll)) return undefined;
  if (text === "on" || !text) return { endpoint: undefined };
  return { endpoint: parseEndpoint("direct", text) };
}

function parseEndpoint(name: string, text: string | null): string | undefined {
  if (!text) return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new RangeError(`its ${name} is an http or https address, not "${text}"`);
}

function parseEncryption(text: string | null): S3Place["encryption"] {
  if (!text) return undefined;
  const [, by, keyId] = /^(AES256|aws:kms)(?::(.+))?$/.exec(text) ?? [];
  if ((by === "AES256" && keyId === undefined) || by === "aws:kms") return { by, keyId };
  throw new RangeError(`its sse is AES256, aws:kms or aws:kms:KEY, not "${text}"`);
}
