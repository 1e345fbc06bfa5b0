import type { AccountOverview } from "../../../features/identity/account-overview.ts";
import type { RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { actionButton, field, problemNotice } from "../parts.ts";
import type { Reader } from "../reader.ts";
import type { FormProblem } from "../texts/en.ts";

export interface AccountView extends AccountOverview {
  readonly currentSession: string;
  readonly outside: string | undefined;
  /** Where the web app shows the account; undefined where there is none. */
  readonly settings: string | undefined;
  readonly problem: FormProblem | undefined;
}

/** Everything about an account's sign-in, on one page. */
export function accountView(reader: Reader, view: AccountView): RenderedPage {
  const { texts } = reader;
  const { account } = view;
  const top =
    view.settings === undefined
      ? html`<form method="post" action="/sign-out">
          <button class="button short second">${texts.signOut}</button>
        </form>`
      : link(view.settings, texts.backToSettings);
  const body = html`<h1>${texts.account}</h1>
    <p class="soft">${texts.signedInAs(account.name)}</p>
    ${problemNotice(reader, view.problem)} ${signInSection(reader, view)} ${factorSection(reader, view)}
    ${deviceSection(reader, view)} ${browserSection(reader, view)} ${linkedSection(reader, view)}`;
  return renderPage(reader, {
    title: texts.account,
    body,
    top,
    wide: true,
    passkeys: true,
    status: view.problem ? 400 : 200,
  });
}

function item(
  title: string,
  detail: string | undefined,
  actions: Html | readonly (Html | false | undefined)[] | false,
): Html {
  return html`<li>
    <div><strong>${title}</strong>${detail !== undefined && html`<br /><span class="soft small">${detail}</span>`}</div>
    ${actions !== false && html`<div class="actions">${actions}</div>`}
  </li>`;
}

function link(href: string, label: string): Html {
  return html`<a class="button short second" href="${href}">${label}</a>`;
}

function signInSection({ texts }: Reader, { account, factors }: AccountView): Html {
  const hasPassword = account.passwordHash !== "";
  const email = account.emailConfirmed ? account.email : `${account.email} (${texts.emailUnconfirmed})`;
  const mayRemove = hasPassword && factors.passkeys > 0;
  return html`<h2>${texts.security}</h2>
    <ul class="list">
      ${item(texts.email, email, link("/account/email", texts.change))}
      ${item(texts.password, hasPassword ? texts.hasPassword : texts.noPassword, [
        link("/account/password", texts.change),
        mayRemove && link("/account/password/remove", texts.removePassword),
      ])}
      ${item(texts.appPasswords, texts.appPasswordsIntro, link("/account/app-passwords", texts.add))}
    </ul>`;
}

function factorSection(reader: Reader, { factors, passkeys }: AccountView): Html {
  const { texts } = reader;
  const codes = factors.totp || factors.passkeys > 0;
  return html`<h2>${texts.factors}</h2>
    <ul class="list">
      ${item(texts.totp, factors.totp ? texts.on : texts.off, factors.totp ? actionButton("/account/app/remove", texts.remove, {}) : link("/account/app", texts.add))}
      ${codes && item(texts.recoveryCodes, texts.recoveryLeft(factors.recoveryCodes), actionButton("/account/recovery-codes", texts.recoveryNew, {}, "second"))}
    </ul>
    <h2>${texts.passkeys}</h2>
    ${passkeys.length === 0 && html`<p class="soft">${texts.passkeyNone}</p>`}
    <ul class="list">
      ${passkeys.map((passkey) =>
        item(
          passkey.name,
          seen(reader, passkey.lastUsedAtMs),
          actionButton("/account/passkeys/remove", texts.remove, { id: passkey.credentialId }),
        ),
      )}
    </ul>
    <form class="inline-form" data-passkey="register" hidden>
      ${field({ name: "name", label: texts.passkeyName, autocomplete: "off", maxlength: 100 })}
      <button class="button short second">${texts.passkeyAdd}</button>
      <p class="wrong" role="alert" data-failed hidden>${texts.passkeyFailed}</p>
    </form>`;
}

function deviceSection(reader: Reader, { devices }: AccountView): Html {
  const { texts } = reader;
  return html`<h2>${texts.devices}</h2>
    ${devices.length === 0 && html`<p class="soft">${texts.devicesNone}</p>`}
    <ul class="list">
      ${devices.map((device) => {
        const kind = texts[`kind_${device.kind}`];
        const detail = [kind, device.scopes ?? undefined, seen(reader, device.lastSeenAtMs)]
          .filter(Boolean)
          .join(" · ");
        return item(device.name, detail, actionButton("/account/devices/remove", texts.revoke, { id: device.id }));
      })}
    </ul>`;
}

function browserSection(reader: Reader, { browsers, currentSession }: AccountView): Html {
  const { texts } = reader;
  return html`<h2>${texts.browsers}</h2>
    <ul class="list">
      ${browsers.map((browser) => {
        const isThis = browser.sessionHash === currentSession;
        const detail = isThis ? texts.thisBrowser : seen(reader, browser.lastSeenAtMs);
        return item(
          browser.browser,
          detail,
          !isThis && actionButton("/account/browsers/remove", texts.revoke, { id: browser.sessionHash }),
        );
      })}
    </ul>`;
}

function linkedSection(reader: Reader, { linked, outside }: AccountView): Html | undefined {
  const { texts } = reader;
  if (outside === undefined && linked.length === 0) return undefined;
  return html`<h2>${texts.linked}</h2>
    <ul class="list">
      ${linked.map(({ label, issuer, subject }) =>
        item(label, issuer, actionButton("/account/linked/remove", texts.unlink, { issuer, subject })),
      )}
    </ul>
    ${outside !== undefined && link("/sign-in/outside?link=1", texts.linkOutside(outside))}`;
}

function seen({ texts, language }: Reader, atMs: number | null): string {
  if (atMs === null) return texts.neverSeen;
  const when = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  return texts.lastSeen(`${when.format(atMs)} UTC`);
}
