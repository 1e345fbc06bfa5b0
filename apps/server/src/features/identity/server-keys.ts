import { hkdfSync } from "node:crypto";

/** Keys with one purpose each, all derived from the server's signing key. */
export interface ServerKeys {
  /** Signs access tokens. */
  readonly accessToken: Uint8Array;
  /** Makes the next refresh token out of the one that is exchanged. */
  readonly refreshToken: Uint8Array;
  /** Signs the addresses of chunks. */
  readonly chunkUrl: Uint8Array;
  /** Signs the addresses of files' contents. */
  readonly contentUrl: Uint8Array;
  /** Signs the addresses of archives. */
  readonly archiveUrl: Uint8Array;
  /** Seals that somebody knew the password of a link. */
  readonly linkPass: Uint8Array;
  /** Makes ids that a repeated request gets again. */
  readonly repeatableId: Uint8Array;
  /** Seals the secrets of authenticator apps. */
  readonly factorSecret: Uint8Array;
  /** Hashes recovery codes, which are short enough to guess by whoever has the database. */
  readonly recoveryCode: Uint8Array;
  /** Signs what a page hands to the next one. */
  readonly pageState: Uint8Array;
  /** Signs the access tokens that programs get by OAuth. */
  readonly oauthToken: Uint8Array;
  /** Seals what the OAuth provider keeps. */
  readonly oauthRecord: Uint8Array;
  /** Signs the OAuth provider's cookies. */
  readonly oauthCookie: Uint8Array;
  /** What the key pair that signs ID tokens is made of. */
  readonly idToken: Uint8Array;
  /** Names what is counted of attempts. */
  readonly attempts: Uint8Array;
  /** Seals messages that wait for the mail server. */
  readonly mail: Uint8Array;
  /** Seals what is typed in live sessions. */
  readonly live: Uint8Array;
  /** Seals what people say about files. */
  readonly comments: Uint8Array;
  /** Seals the texts that search finds files by. */
  readonly search: Uint8Array;
  /** Seals the audit log. */
  readonly audit: Uint8Array;
}

export const signingKeyBytes = 32;

/** @throws RangeError unless the key has {@link signingKeyBytes}. */
export function deriveServerKeys(signingKey: Uint8Array): ServerKeys {
  if (signingKey.length !== signingKeyBytes) throw new RangeError(`a signing key has ${signingKeyBytes} bytes`);
  const derive = (purpose: string): Uint8Array =>
    new Uint8Array(hkdfSync("sha256", signingKey, "satchel", purpose, 32));
  return {
    accessToken: derive("access token 1"),
    refreshToken: derive("refresh token 1"),
    chunkUrl: derive("chunk url 1"),
    contentUrl: derive("content url 1"),
    archiveUrl: derive("archive url 1"),
    linkPass: derive("link pass 1"),
    repeatableId: derive("repeatable id 1"),
    factorSecret: derive("factor secret 1"),
    recoveryCode: derive("recovery code 1"),
    pageState: derive("page state 1"),
    oauthToken: derive("oauth token 1"),
    oauthRecord: derive("oauth record 1"),
    oauthCookie: derive("oauth cookie 1"),
    idToken: derive("id token 1"),
    attempts: derive("attempts 1"),
    mail: derive("mail 1"),
    live: derive("live 1"),
    comments: derive("comments 1"),
    search: derive("search 1"),
    audit: derive("audit log 1"),
  };
}
