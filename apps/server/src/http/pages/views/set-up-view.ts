import type { RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { field } from "../parts.ts";
import type { Reader } from "../reader.ts";
import type { FormProblem } from "../texts/en.ts";

export interface SetUpView {
  readonly name: string;
  readonly email: string;
  readonly asksForCode: boolean;
  readonly problem: FormProblem | undefined;
}

/** The first page of a new server: who administers it. */
export function setUpView(reader: Reader, { name, email, asksForCode, problem }: SetUpView): RenderedPage {
  const { texts } = reader;
  const wrong = (prefix: string) => (problem?.startsWith(prefix) ? texts.problems[problem] : undefined);
  const body = html`<h1>${texts.setUp}</h1>
    <p class="soft">${texts.setUpIntro}</p>
    <form method="post" action="/set-up">
      ${
        asksForCode &&
        field({
          name: "code",
          label: texts.setUpCode,
          autocomplete: "off",
          hint: texts.setUpCodeHint,
          wrong: wrong("set_up_"),
          maxlength: 64,
          autofocus: problem === undefined || problem === "set_up_code",
        })
      }
      ${field({ name: "name", label: texts.userName, autocomplete: "username", value: name, hint: texts.userNameHint, wrong: wrong("name_"), maxlength: 64, autofocus: !asksForCode })}
      ${field({ name: "email", label: texts.email, type: "email", autocomplete: "email", value: email, wrong: wrong("email_"), maxlength: 254 })}
      ${field({ name: "password", label: texts.password, type: "password", autocomplete: "new-password", hint: texts.passwordHint, wrong: wrong("password_") })}
      <button class="button">${texts.setUpButton}</button>
    </form>
    <p class="foot way"><a href="/docs">${texts.documentation}</a></p>`;
  return renderPage(reader, { title: texts.setUp, body, status: problem ? 400 : 200 });
}
