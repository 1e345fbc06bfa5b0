import type { RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { field, hidden, message, problemNotice } from "../parts.ts";
import type { Reader } from "../reader.ts";
import type { FormProblem } from "../texts/en.ts";

export interface SignUpView {
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly invitation: string | undefined;
  readonly problem: FormProblem | undefined;
}

export function signUpView(reader: Reader, view: SignUpView): RenderedPage {
  const { texts } = reader;
  const { problem } = view;
  const wrong = (prefix: string) => (problem?.startsWith(prefix) ? texts.problems[problem] : undefined);
  const body = html`<h1>${texts.signUp}</h1>
    <p class="soft">${texts.signUpIntro}</p>
    <form method="post" action="/sign-up">
      ${hidden("invitation", view.invitation)}
      ${field({
        name: "name",
        label: texts.userName,
        autocomplete: "username",
        value: view.name ?? "",
        hint: texts.userNameHint,
        wrong: wrong("name_"),
        maxlength: 64,
        autofocus: problem === undefined || problem.startsWith("name_"),
      })}
      ${field({ name: "email", label: texts.email, type: "email", autocomplete: "email", value: view.email ?? "", wrong: wrong("email_"), maxlength: 254 })}
      ${field({
        name: "password",
        label: texts.password,
        type: "password",
        autocomplete: "new-password",
        hint: texts.passwordHint,
        wrong: wrong("password_"),
        autofocus: problem?.startsWith("password_") === true,
      })} <button class="button">${texts.signUp}</button>
    </form>
    <p class="foot">${texts.haveAccount} <a href="/sign-in">${texts.signIn}</a></p>`;
  return renderPage(reader, { title: texts.signUp, body, status: problem ? 400 : 200 });
}

/** A link was opened that will do something; a press of a button does it, since mail programs open links by themselves. */
export function confirmLinkView(reader: Reader, { action, secret }: { action: string; secret: string }): RenderedPage {
  const { texts } = reader;
  const body = html`${message({ title: texts.confirmTitle, text: texts.confirmText })}
    <form method="post" action="${action}">
      ${hidden("secret", secret)}<button class="button">${texts.confirmButton}</button>
    </form>`;
  return renderPage(reader, { title: texts.confirmTitle, body });
}

export function forgotView(reader: Reader): RenderedPage {
  const { texts } = reader;
  const body = html`<h1>${texts.resetTitle}</h1>
    <p class="soft">${texts.resetIntro}</p>
    <form method="post" action="/reset">
      ${field({ name: "user", label: texts.userOrEmail, autocomplete: "username", autofocus: true })}
      <button class="button">${texts.resetButton}</button>
    </form>
    <p class="foot"><a href="/sign-in">${texts.signIn}</a></p>`;
  return renderPage(reader, { title: texts.resetTitle, body });
}

export interface NewPasswordView {
  /** Where the form goes. */
  readonly action: string;
  /** Of a link; undefined on the account's own page. */
  readonly secret?: string;
  readonly user: string;
  readonly problem: FormProblem | undefined;
}

export function newPasswordView(reader: Reader, view: NewPasswordView): RenderedPage {
  const { texts } = reader;
  const wrong = view.problem && texts.problems[view.problem];
  const body = html`<h1>${texts.resetChoose}</h1>
    <p class="soft">${texts.signedInAs(view.user)}</p>
    ${view.problem?.startsWith("password_") === false && problemNotice(reader, view.problem)}
    <form method="post" action="${view.action}">
      ${hidden("secret", view.secret)}
      <input
        class="visually-hidden"
        type="text"
        name="user"
        autocomplete="username"
        value="${view.user}"
        readonly
        tabindex="-1"
        aria-hidden="true"
      />
      ${field({ name: "password", label: texts.newPassword, type: "password", autocomplete: "new-password", hint: texts.passwordHint, wrong, autofocus: true })}
      <button class="button">${texts.savePassword}</button>
    </form>`;
  return renderPage(reader, { title: texts.resetChoose, body, status: view.problem ? 400 : 200 });
}

/** Says one thing, with one way on. */
export function messageView(
  reader: Reader,
  parts: { title: string; text: string; status?: number; link?: { href: string; label: string } },
): RenderedPage {
  const next = parts.link && html`<a class="button" href="${parts.link.href}">${parts.link.label}</a>`;
  const body = message({ title: parts.title, text: parts.text, next });
  return renderPage(reader, { title: parts.title, body, ...(parts.status !== undefined && { status: parts.status }) });
}
