import type { EntryId, EntryState, LinkKind } from "@satchel/protocol";
import type { RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { field } from "../parts.ts";
import type { Reader } from "../reader.ts";

export interface LinkView {
  readonly token: string;
  readonly kind: LinkKind;
  readonly name: string;
  readonly entries: readonly EntryState[];
  /** Where the listing goes on. */
  readonly next: { readonly folderId: EntryId | undefined; readonly after: string } | undefined;
}

/** What a link shows: a file, or what is in a folder. */
export function linkView(reader: Reader, { token, kind, name, entries, next }: LinkView): RenderedPage {
  const { texts } = reader;
  const rows = entries.filter(({ type }) => type !== "link").map((entry) => row(reader, { token, entry }));
  const more =
    next && new URLSearchParams({ ...(next.folderId && { in: next.folderId }), after: next.after }).toString();
  const body = html`<h1>${name}</h1>
    <p class="soft">${kind === "view" ? texts.linkView : texts.linkDownload}</p>
    ${
      rows.length === 0
        ? html`<p class="soft">${texts.linkEmpty}</p>`
        : html`<ul class="list">
            ${rows}
          </ul>`
    }
    ${more !== undefined && html`<p class="foot"><a href="/s/${token}?${more}">${texts.linkMore}</a></p>`}`;
  return renderPage(reader, { title: name, body, wide: true });
}

function row(reader: Reader, { token, entry }: { readonly token: string; readonly entry: EntryState }): Html {
  const href = entry.type === "folder" ? `/s/${token}?in=${entry.id}` : `/s/${token}/${entry.id}`;
  const size = entry.type === "folder" ? reader.texts.folder : sizeOf(reader, entry.size);
  return html`<li>
    <div>
      <strong><a href="${href}">${entry.name}</a></strong
      ><span class="soft">${size}</span>
    </div>
  </li>`;
}

const units = ["B", "kB", "MB", "GB", "TB"] as const;

function sizeOf({ language }: Reader, bytes: number): string {
  const power = Math.min(units.length - 1, bytes === 0 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const text = value.toLocaleString(language, { maximumFractionDigits: power === 0 ? 0 : 1 });
  return `${text} ${units[power] ?? "B"}`;
}

/** A link that asks for a password first; it tells nothing of what it shows. */
export function lockedLinkView(
  reader: Reader,
  { token, isWrong }: { readonly token: string; readonly isWrong: boolean },
): RenderedPage {
  const { texts } = reader;
  const body = html`<h1>${texts.linkLocked}</h1>
    <p class="soft">${texts.linkLockedText}</p>
    <form method="post" action="/s/${token}">
      ${field({
        name: "password",
        label: texts.password,
        type: "password",
        autocomplete: "off",
        wrong: isWrong ? texts.linkWrongPassword : undefined,
        autofocus: true,
      })}
      <button class="button">${texts.linkOpen}</button>
    </form>`;
  return renderPage(reader, { title: texts.linkLocked, body, status: isWrong ? 403 : 200 });
}
