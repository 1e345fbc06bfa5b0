import { startMoto } from "@satchel/testkit";
import { signAwsRequest, type AwsCredentials } from "./aws-signature.ts";
import type { KeyServiceUnderTest } from "./key-service.contract.ts";

const region = "eu-central-1";

/** AWS as moto plays it, with a KMS key and somebody who may use just that; each request's signature is checked. */
export interface PlayedKms extends KeyServiceUnderTest, AsyncDisposable {
  /** Sends the KMS a request of an owner who may do everything, and gives its status and answer. */
  ask(
    action: string,
    body: object,
  ): Promise<{ readonly status: number; readonly answer: Readonly<Record<string, unknown>> }>;
  readonly keyArn: string;
}

export async function openPlayedKms(): Promise<PlayedKms> {
  const moto = await startMoto();
  const first = { accessKeyId: "before-anybody", secretAccessKey: "is-asked", sessionToken: undefined };
  const { post, iam } = clientOf(moto.endpoint, first);
  const kms = (credentials: AwsCredentials, action: string, body: object) =>
    post("kms", credentials, JSON.stringify(body), {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `TrentService.${action}`,
    });
  const makeKey = async (alias: string): Promise<string> => {
    const { KeyMetadata } = JSON.parse((await kms(first, "CreateKey", {})).text) as MadeKey;
    await kms(first, "CreateAlias", { AliasName: alias, TargetKeyId: KeyMetadata.KeyId });
    return KeyMetadata.Arn;
  };
  const keyArn = await makeKey("alias/satchel");
  const owner = await iam.makeUser("owner", { Effect: "Allow", Action: "kms:*", Resource: "*" });
  // Amazon's own would take the key's name as the resource; moto knows policies for all resources only.
  const satchel = await iam.makeUser("satchel", {
    Effect: "Allow",
    Action: ["kms:Encrypt", "kms:Decrypt"],
    Resource: "*",
  });
  await moto.closeDoors();
  const environment = {
    AWS_ENDPOINT_URL_KMS: moto.endpoint,
    AWS_ACCESS_KEY_ID: satchel.accessKeyId,
    AWS_SECRET_ACCESS_KEY: satchel.secretAccessKey,
  };
  const ask: PlayedKms["ask"] = async (action, body) => {
    const { status, text } = await kms(owner, action, body);
    return { status, answer: (JSON.parse(text) ?? {}) as Record<string, unknown> };
  };
  return {
    setting: `aws:${region}/alias/satchel`,
    foreignSetting: `aws:${region}/alias/none`,
    environment,
    strangers: { ...environment, AWS_SECRET_ACCESS_KEY: "guessed" },
    keyArn,
    ask,
    async turn() {
      const { status, answer } = await ask("RotateKeyOnDemand", { KeyId: keyArn });
      if (status !== 200) throw new Error(`moto did not turn its key: ${JSON.stringify(answer)}`);
    },
    [Symbol.asyncDispose]: () => moto.stop(),
  };
}

/** Requests signed by our own code: what moto makes of the signatures is part of the test. */
function clientOf(endpoint: string, first: AwsCredentials) {
  const post = async (
    service: string,
    credentials: AwsCredentials,
    body: string,
    headers: Readonly<Record<string, string>>,
  ) => {
    const url = new URL("/", endpoint);
    const signed = signAwsRequest(
      { method: "POST", url, headers, body },
      { credentials, region: service === "iam" ? "us-east-1" : region, service, nowMs: Date.now() },
    );
    const response = await fetch(url, { method: "POST", headers: signed, body });
    return { status: response.status, text: await response.text() };
  };
  const ask = async (parameters: Readonly<Record<string, string>>): Promise<string> => {
    const body = new URLSearchParams({ Version: "2010-05-08", ...parameters }).toString();
    const { status, text } = await post("iam", first, body, { "content-type": "application/x-www-form-urlencoded" });
    if (status !== 200) throw new Error(`moto answered ${status}: ${text}`);
    return text;
  };
  const makeUser = async (UserName: string, statement: object): Promise<AwsCredentials> => {
    await ask({ Action: "CreateUser", UserName });
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await ask({ Action: "PutUserPolicy", UserName, PolicyName: "only", PolicyDocument });
    const answer = await ask({ Action: "CreateAccessKey", UserName });
    const told = (name: string): string => new RegExp(`<${name}>([^<]+)`).exec(answer)?.[1] ?? "";
    return { accessKeyId: told("AccessKeyId"), secretAccessKey: told("SecretAccessKey"), sessionToken: undefined };
  };
  return { post, iam: { makeUser } };
}

interface MadeKey {
  readonly KeyMetadata: { readonly KeyId: string; readonly Arn: string };
}
