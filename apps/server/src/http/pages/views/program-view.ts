import type { ProviderForm, RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { field, hidden, message } from "../parts.ts";
import type { Reader } from "../reader.ts";
import type { FormProblem, Texts } from "../texts/en.ts";

/** Asks for the code that a device shows. */
export function enterCodeView(reader: Reader, form: ProviderForm, problem: FormProblem | undefined): RenderedPage {
  const { texts } = reader;
  const body = html`<h1>${texts.deviceTitle}</h1>
    <p class="soft">${texts.deviceIntro}</p>
    <form method="post" action="${form.action}">
      ${hidden("xsrf", form.xsrf)}
      ${field({
        name: "user_code",
        label: texts.deviceCode,
        autocomplete: "off",
        className: "code-input",
        value: form.userCode ?? "",
        wrong: problem && texts.problems[problem],
        maxlength: 20,
        autofocus: true,
      })} <button class="button">${texts.continue}</button>
    </form>`;
  return renderPage(reader, { title: texts.deviceTitle, body, status: problem ? 400 : 200 });
}

export function confirmCodeView(
  reader: Reader,
  form: ProviderForm,
  device: { readonly client: string; readonly device: string | undefined; readonly shownCode: string },
): RenderedPage {
  const { texts } = reader;
  const what = device.device === undefined ? texts.deviceUnnamed(device.client) : texts.deviceNamed(device.device);
  const body = html`<h1>${texts.deviceConfirm}</h1>
    <p class="soft">${what}</p>
    <p class="big-code">${device.shownCode}</p>
    <p>${texts.deviceConfirmText}</p>
    <form method="post" action="${form.action}" class="stack">
      ${hidden("xsrf", form.xsrf)}${hidden("user_code", form.userCode)}
      <button class="button" name="confirm" value="yes">${texts.deviceYes}</button>
      <button class="button second" name="abort" value="yes">${texts.deviceNo}</button>
    </form>`;
  return renderPage(reader, { title: texts.deviceConfirm, body });
}

export function deviceDoneView(reader: Reader): RenderedPage {
  const { texts } = reader;
  const body = message({ title: texts.deviceDone, text: texts.deviceDoneText });
  return renderPage(reader, { title: texts.deviceDone, body });
}

export interface ConsentView {
  readonly action: string;
  readonly client: string;
  readonly user: string;
  readonly scopes: readonly string[];
  /** Where the browser will be sent. */
  readonly redirect: string | undefined;
  readonly formTargets: readonly string[];
}

/** A program of others asks for access. */
export function consentView(reader: Reader, view: ConsentView): RenderedPage {
  const { texts } = reader;
  const title = texts.consentTitle(view.client);
  const scopes = view.scopes.map((scope) => html`<li>${scopeText(texts, scope)}</li>`);
  const host = view.redirect !== undefined && URL.canParse(view.redirect) ? new URL(view.redirect).host : "";
  const body = html`<h1>${title}</h1>
    <p class="soft">${texts.consentText(view.user)}</p>
    <ul class="scopes">
      ${scopes}
    </ul>
    ${host !== "" && html`<p class="soft small">${texts.consentHost(host)}</p>`}
    <form method="post" action="${view.action}" class="stack">
      <button class="button" name="answer" value="allow">${texts.allow}</button>
      <button class="button second" name="answer" value="deny">${texts.deny}</button>
    </form>`;
  return renderPage(reader, { title, body, formTargets: view.formTargets });
}

function scopeText(texts: Texts, scope: string): string {
  const text = texts[`scope_${scope.replace(".", "_")}` as keyof Texts];
  return typeof text === "string" ? text : scope;
}

export function programFailedView(reader: Reader, error: { code: string; description: string }): RenderedPage {
  const { texts } = reader;
  const body = html`${message({ title: texts.failed, text: texts.failedText })}
    <p class="secret">${error.code}${error.description !== "" && `: ${error.description}`}</p>`;
  return renderPage(reader, { title: texts.failed, body, status: 400 });
}
