import type { IncomingMessage } from "node:http";
import type { AccountId } from "@satchel/protocol";

/** A page, ready to be sent. */
export interface RenderedPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A form that goes back to the provider, with what shows that it came from there. */
export interface ProviderForm {
  readonly action: string;
  readonly xsrf: string;
  readonly userCode: string | undefined;
}

/** What the provider shows to people; the rest of the way (sign-in, consent) are pages of ours that it sends them to. */
export interface OAuthPages {
  /** Asks for the code that a device shows; `problem` when the last one was no good. */
  enterCode(
    request: IncomingMessage,
    form: ProviderForm,
    problem: "code_unknown" | "code_aborted" | undefined,
  ): RenderedPage;
  confirmCode(
    request: IncomingMessage,
    form: ProviderForm & { readonly userCode: string },
    device: { readonly client: string; readonly device: string | undefined; readonly shownCode: string },
  ): RenderedPage;
  deviceDone(request: IncomingMessage): RenderedPage;
  failed(request: IncomingMessage, error: { readonly code: string; readonly description: string }): RenderedPage;
  /** Who is signed in on our pages in this browser. */
  signedInAccount(request: IncomingMessage): Promise<AccountId | undefined>;
}
