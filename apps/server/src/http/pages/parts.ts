import { html, type Html } from "./html.ts";
import type { FormProblem } from "./texts/en.ts";
import type { Reader } from "./reader.ts";

interface FieldParts {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "password" | "email";
  /** What the browser may fill in. */
  readonly autocomplete: string;
  readonly value?: string | undefined;
  readonly hint?: string;
  readonly wrong?: string | undefined;
  readonly beside?: Html;
  readonly className?: string;
  readonly inputmode?: "numeric" | "text" | "email";
  readonly maxlength?: number;
  readonly autofocus?: boolean;
}

/** A labelled input, with what is wrong with it said to screen readers, too. */
export function field(parts: FieldParts): Html {
  const { name, wrong, hint } = parts;
  const note = wrong ?? hint;
  const described = note !== undefined && html` aria-describedby="${name}-note"`;
  return html`<div class="field">
    <div class="label-row"><label for="${name}">${parts.label}</label>${parts.beside}</div>
    <input
      id="${name}"
      name="${name}"
      type="${parts.type ?? "text"}"
      autocomplete="${parts.autocomplete}"
      required
      maxlength="${parts.maxlength ?? 256}"
      autocapitalize="none"
      spellcheck="false"
      ${parts.value !== undefined && html` value="${parts.value}"`}${parts.className !== undefined && html` class="${parts.className}"`}${parts.inputmode !== undefined && html` inputmode="${parts.inputmode}"`}${parts.autofocus === true && html` autofocus`}${wrong !== undefined && html` aria-invalid="true"`}${described}
    />
    ${note !== undefined && html`<p id="${name}-note" class="${wrong === undefined ? "hint" : "wrong"}">${note}</p>`}
  </div>`;
}

export function hidden(name: string, value: string | undefined): Html | undefined {
  return value === undefined ? undefined : html`<input type="hidden" name="${name}" value="${value}" />`;
}

/** What went wrong with a whole form; read out when the page opens. */
export function problemNotice({ texts }: Reader, problem: FormProblem | undefined): Html | undefined {
  return problem && html`<p class="notice bad" role="alert">${texts.problems[problem]}</p>`;
}

/** A button that is a form by itself. */
export function actionButton(
  action: string,
  label: string,
  values: Readonly<Record<string, string>>,
  kind = "danger",
): Html {
  const inputs = Object.entries(values).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<form method="post" action="${action}">
    ${inputs}<button class="button short ${kind}">${label}</button>
  </form>`;
}

/** The button that asks the browser for a passkey; hidden where the browser has none, or no script. */
export function passkeyForm(
  reader: Reader,
  parts: { state?: string | undefined; next?: string | undefined; label: string; second: boolean },
): Html {
  return html`<form data-passkey="signIn" data-next="${parts.next ?? ""}" data-state="${parts.state ?? ""}" hidden>
    <button class="button${parts.second && " second"}">${parts.label}</button>
    <p class="wrong" role="alert" data-failed hidden>${reader.texts.passkeyFailed}</p>
  </form>`;
}

/** A page that says one thing. */
export function message({ title, text, next }: { title: string; text: string; next?: Html | undefined }): Html {
  return html`<h1>${title}</h1>
    <p class="soft">${text}</p>
    ${next}`;
}
