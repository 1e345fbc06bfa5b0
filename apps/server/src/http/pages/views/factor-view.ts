import { renderSVG } from "uqr";
import type { RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { html, raw, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { field, problemNotice } from "../parts.ts";
import type { Reader } from "../reader.ts";
import type { FormProblem } from "../texts/en.ts";

function back({ texts }: Reader): Html {
  return html`<p class="foot"><a href="/account">${texts.back}</a></p>`;
}

export function totpView(
  reader: Reader,
  view: { secret: string; uri: string; problem: FormProblem | undefined },
): RenderedPage {
  const { texts } = reader;
  const svg = renderSVG(view.uri, { border: 0, ecc: "M" });
  const body = html`<h1>${texts.totpTitle}</h1>
    <p class="soft">${texts.totpIntro}</p>
    <div class="qr" role="img" aria-label="${texts.qrLabel}">${raw(svg)}</div>
    <p class="small soft">
      ${texts.totpManual}<span class="secret">${view.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}</span>
    </p>
    <form method="post" action="/account/app">
      ${field({
        name: "code",
        label: texts.code,
        autocomplete: "one-time-code",
        inputmode: "numeric",
        className: "code-input",
        maxlength: 10,
        wrong: view.problem && texts.problems[view.problem],
        autofocus: true,
      })}
      <button class="button">${texts.continue}</button>
    </form>
    ${back(reader)}`;
  return renderPage(reader, { title: texts.totpTitle, body, status: view.problem ? 400 : 200 });
}

export function recoveryCodesView(reader: Reader, codes: readonly string[]): RenderedPage {
  const { texts } = reader;
  const body = html`<h1>${texts.recoveryTitle}</h1>
    <p class="soft">${texts.recoveryText}</p>
    <ul class="codes">
      ${codes.map((code) => html`<li>${code}</li>`)}
    </ul>
    <a class="button" href="/account">${texts.back}</a>`;
  return renderPage(reader, { title: texts.recoveryTitle, body });
}

export function appPasswordFormView(
  reader: Reader,
  view: { name: string; problem: FormProblem | undefined },
): RenderedPage {
  const { texts } = reader;
  const body = html`<h1>${texts.appPasswordAdd}</h1>
    <p class="soft">${texts.appPasswordsIntro}</p>
    <form method="post" action="/account/app-passwords">
      ${field({ name: "name", label: texts.appPasswordName, autocomplete: "off", maxlength: 100, value: view.name, wrong: view.problem && texts.problems[view.problem], autofocus: true })}
      <fieldset>
        <legend>${texts.appPasswordScope}</legend>
        <label class="choice"
          ><input type="radio" name="scope" value="files.read" checked />${texts.appPasswordRead}</label
        >
        <label class="choice"><input type="radio" name="scope" value="files.write" />${texts.appPasswordWrite}</label>
      </fieldset>
      <button class="button">${texts.appPasswordAdd}</button>
    </form>
    ${back(reader)}`;
  return renderPage(reader, { title: texts.appPasswordAdd, body, status: view.problem ? 400 : 200 });
}

export function appPasswordView(reader: Reader, view: { password: string; user: string }): RenderedPage {
  const { texts } = reader;
  const body = html`<h1>${texts.appPasswordTitle}</h1>
    <p class="soft">${texts.appPasswordText(view.user)}</p>
    <p class="secret">${view.password}</p>
    <a class="button" href="/account">${texts.back}</a>`;
  return renderPage(reader, { title: texts.appPasswordTitle, body });
}

export function changeEmailView(
  reader: Reader,
  view: { email: string; problem: FormProblem | undefined },
): RenderedPage {
  const { texts } = reader;
  const body = html`<h1>${texts.email}</h1>
    <p class="soft">${view.email}</p>
    <form method="post" action="/account/email">
      ${field({ name: "email", label: texts.email, type: "email", autocomplete: "email", maxlength: 254, wrong: view.problem && texts.problems[view.problem], autofocus: true })}
      <button class="button">${texts.continue}</button>
    </form>
    ${back(reader)}`;
  return renderPage(reader, { title: texts.email, body, status: view.problem ? 400 : 200 });
}

export function removePasswordView(reader: Reader, problem: FormProblem | undefined): RenderedPage {
  const { texts } = reader;
  const body = html`<h1>${texts.removePassword}</h1>
    <p class="soft">${texts.removePasswordText}</p>
    ${problemNotice(reader, problem)}
    <form method="post" action="/account/password/remove">
      <button class="button danger">${texts.removePassword}</button>
    </form>
    ${back(reader)}`;
  return renderPage(reader, { title: texts.removePassword, body, status: problem ? 400 : 200 });
}
