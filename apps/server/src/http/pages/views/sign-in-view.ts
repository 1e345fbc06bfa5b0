import type { RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { field, hidden, passkeyForm, problemNotice } from "../parts.ts";
import type { Reader } from "../reader.ts";
import type { FormProblem } from "../texts/en.ts";

export interface SignInView {
  /** Where to go on afterwards: a path of ours. */
  readonly next: string | undefined;
  readonly formTargets: readonly string[];
  readonly user: string | undefined;
  readonly problem: FormProblem | undefined;
  /** The program that waits for it. */
  readonly client: string | undefined;
  /** They are signed in, and prove it once more. */
  readonly again: boolean;
  /** Another provider's name, where there is one. */
  readonly outside: string | undefined;
  readonly offersSignUp: boolean;
}

export function signInView(reader: Reader, view: SignInView): RenderedPage {
  const { texts } = reader;
  const title = view.again ? texts.again : texts.signIn;
  const intro = view.again ? texts.againIntro : view.client ? texts.signInTo(view.client) : texts.signInIntro;
  const next = view.next === undefined ? "" : `?next=${encodeURIComponent(view.next)}`;
  const body = html`<h1>${title}</h1>
    <p class="soft">${intro}</p>
    ${problemNotice(reader, view.problem)}
    <form method="post" action="/sign-in" class="stack-form">
      ${hidden("next", view.next)}
      ${field({ name: "user", label: texts.userOrEmail, autocomplete: "username webauthn", value: view.user ?? "", autofocus: view.user === undefined })}
      ${field({
        name: "password",
        label: texts.password,
        type: "password",
        autocomplete: "current-password",
        maxlength: 1024,
        autofocus: view.user !== undefined,
        beside: html`<a href="/reset">${texts.forgotPassword}</a>`,
      })} <button class="button">${view.again ? texts.continue : texts.signIn}</button>
    </form>
    <div class="or">${texts.or}</div>
    <div class="stack">
      ${passkeyForm(reader, { next: view.next, label: texts.withPasskey, second: true })}
      ${view.outside !== undefined && html`<a class="button second" href="/sign-in/outside${next}">${texts.withOutside(view.outside)}</a>`}
    </div>
    ${view.offersSignUp && !view.again && html`<p class="foot">${texts.noAccount} <a href="/sign-up">${texts.signUp}</a></p>`}`;
  return renderPage(reader, {
    title,
    body,
    passkeys: true,
    formTargets: view.formTargets,
    status: view.problem ? 400 : 200,
  });
}

export interface SecondStepView {
  readonly state: string;
  readonly formTargets: readonly string[];
  readonly hasCode: boolean;
  readonly hasPasskey: boolean;
  readonly problem: FormProblem | undefined;
}

export function secondStepView(reader: Reader, view: SecondStepView): RenderedPage {
  const { texts } = reader;
  const body = html`<h1>${texts.secondStep}</h1>
    <p class="soft">${view.hasCode ? texts.secondStepIntro : texts.secondStepPasskey}</p>
    ${problemNotice(reader, view.problem)}
    ${view.hasPasskey && passkeyForm(reader, { state: view.state, label: texts.usePasskey, second: false })}
    ${view.hasPasskey && html`<div class="or">${texts.or}</div>`}
    <form method="post" action="/sign-in/second">
      ${hidden("state", view.state)}
      ${field({
        name: "code",
        label: view.hasCode ? texts.code : texts.recoveryCodes,
        autocomplete: "one-time-code",
        className: "code-input",
        maxlength: 32,
        autofocus: !view.hasPasskey,
      })} <button class="button${view.hasPasskey && " second"}">${texts.continue}</button>
    </form>`;
  return renderPage(reader, {
    title: texts.secondStep,
    body,
    passkeys: view.hasPasskey,
    formTargets: view.formTargets,
    status: view.problem ? 400 : 200,
  });
}
