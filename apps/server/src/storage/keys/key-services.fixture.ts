import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { signAwsRequest, type AwsCredentials } from "./aws-signature.ts";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function serve(t: TestContext, answer: (request: IncomingMessage, body: string) => Answer): Promise<string> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { status, body } = answer(request, Buffer.concat(pieces).toString());
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function seal(key: Uint8Array, plain: Uint8Array, bound: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(bound));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Undefined for what this key never sealed. */
function unseal(key: Uint8Array, sealed: Buffer, bound: string): Buffer | undefined {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(bound)).setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/**
 * A small stand-in for Vault's transit engine with one key, `satchel`, for tests that need no service: the addresses, headers, bodies, ciphertext prefixes and refusals are those of OpenBao, which passes the same suite.
 */
export async function startVault(t: TestContext) {
  const token = "hvs.test-token";
  const versions = [randomBytes(32)];
  const refuse = (status: number, message: string): Answer => ({ status, body: { errors: [message] } });
  const address = await serve(t, (request, text) => {
    if (request.headers["x-vault-token"] !== token) return refuse(403, "permission denied");
    const [, action, name] = /^\/v1\/transit\/(encrypt|decrypt)\/([^/]+)$/.exec(request.url ?? "") ?? [];
    if (request.method !== "POST" || action === undefined) return refuse(404, "no handler for route");
    // It would make a key of any other name, but for a token that may only `update`.
    if (name !== "satchel") return refuse(403, "permission denied");
    const body = JSON.parse(text) as { plaintext?: string; ciphertext?: string };
    if (action === "encrypt") {
      const sealed = seal(
        versions.at(-1) ?? versions[0] ?? randomBytes(32),
        Buffer.from(body.plaintext ?? "", "base64"),
        "",
      );
      const ciphertext = `vault:v${versions.length}:${sealed.toString("base64")}`;
      return {
        status: 200,
        body: { request_id: "r", lease_id: "", renewable: false, data: { ciphertext, key_version: versions.length } },
      };
    }
    const [, version, sealed = ""] = /^vault:v(\d+):(.+)$/.exec(body.ciphertext ?? "") ?? [];
    const plain = unseal(versions[Number(version) - 1] ?? randomBytes(32), Buffer.from(sealed, "base64"), "");
    if (!plain) return refuse(400, "cipher: message authentication failed");
    return { status: 200, body: { request_id: "r", data: { plaintext: plain.toString("base64") } } };
  });
  return { address, token, rotate: () => void versions.push(randomBytes(32)) };
}

/**
 * A small stand-in for AWS KMS with one key, for tests that need no service: it checks the signature over what it received, and binds ciphertexts to their encryption context. moto, which checks signatures with Amazon's own code,
 * passes the same suite.
 */
export async function startKms(t: TestContext) {
  const credentials: AwsCredentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret", sessionToken: undefined };
  const key = randomBytes(32);
  const region = "eu-central-1";
  const refuse = (type: string): Answer => ({ status: 400, body: { __type: type } });
  const endpoint: string = await serve(t, (request, text) => {
    const { authorization, host = "", ...headers } = request.headers;
    const time = String(headers["x-amz-date"]).replace(
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
      "$1-$2-$3T$4:$5:$6Z",
    );
    const names = /SignedHeaders=([^,]+)/.exec(authorization ?? "")?.[1]?.split(";") ?? [];
    const sent = Object.fromEntries(
      names.filter((name) => !/^(host|x-amz-date)$/.test(name)).map((name) => [name, String(headers[name])]),
    );
    const right = signAwsRequest(
      { method: "POST", url: new URL(request.url ?? "/", `http://${host}`), headers: sent, body: text },
      { credentials, region, service: "kms", nowMs: Date.parse(time) },
    );
    if (authorization !== right["authorization"]) return refuse("IncompleteSignatureException");
    const body = JSON.parse(text) as {
      KeyId: string;
      Plaintext?: string;
      CiphertextBlob?: string;
      EncryptionContext: object;
    };
    if (body.KeyId !== "alias/satchel") return refuse("NotFoundException");
    const bound = JSON.stringify(body.EncryptionContext);
    if (headers["x-amz-target"] === "TrentService.Encrypt") {
      const CiphertextBlob = seal(key, Buffer.from(body.Plaintext ?? "", "base64"), bound).toString("base64");
      return { status: 200, body: { CiphertextBlob, KeyId: body.KeyId, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" } };
    }
    if (headers["x-amz-target"] !== "TrentService.Decrypt") return refuse("UnknownOperationException");
    const plain = unseal(key, Buffer.from(body.CiphertextBlob ?? "", "base64"), bound);
    return plain
      ? { status: 200, body: { Plaintext: plain.toString("base64"), KeyId: body.KeyId } }
      : refuse("InvalidCiphertextException");
  });
  return { endpoint, credentials, region };
}
