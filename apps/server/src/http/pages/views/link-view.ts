import type { EntryId, EntryState, LinkKind } from "@satchel/protocol";
import type { RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { field } from "../parts.ts";
import type { Reader } from "../reader.ts";
import { sizeOf } from "./size-of.ts";

export interface LinkView {
  readonly token: string;
  readonly kind: LinkKind;
  readonly name: string;
  readonly entries: readonly EntryState[];
  /** Every download that there may be was taken. */
  readonly isUsedUp: boolean;
  /** Whether a file of this name can be looked at before it is downloaded. */
  readonly isShown: (name: string) => boolean;
  /** A folder below the link's own. */
  readonly folderId: EntryId | undefined;
  readonly isFolder: boolean;
  /** Where the listing goes on. */
  readonly after: string | undefined;
}

/** What a link shows: a file, or what is in a folder. */
export function linkView(reader: Reader, view: LinkView): RenderedPage {
  const { texts } = reader;
  const { token, kind, name, folderId, after } = view;
  const rows = view.entries.filter(({ type }) => type !== "link").map((entry) => row(reader, view, entry));
  const here = new URLSearchParams(folderId && { in: folderId });
  const more = after !== undefined && new URLSearchParams([...here, ["after", after]]).toString();
  const offersArchive = view.isFolder && kind === "download" && !view.isUsedUp && rows.length > 0;
  const body = html`<h1>${name}</h1>
    <p class="soft">${kind === "view" ? texts.linkView : texts.linkDownload}</p>
    ${view.isUsedUp && html`<p class="notice bad" role="alert">${texts.linkUsedUp}</p>`}
    ${folderId !== undefined && html`<p class="way"><a href="/s/${token}">${texts.linkUp}</a></p>`}
    ${
      rows.length === 0
        ? html`<p class="soft">${texts.linkEmpty}</p>`
        : html`<ul class="list files">
            ${rows}
          </ul>`
    }
    ${more !== false && html`<p class="foot way"><a href="/s/${token}?${more}">${texts.linkMore}</a></p>`}
    ${
      offersArchive &&
      html`<p class="foot">
        <a class="button second" href="/s/${token}/archive?${here.toString()}" download>${texts.linkSaveAll}</a>
      </p>`
    }`;
  return renderPage(reader, { title: name, body, wide: true });
}

function row(reader: Reader, { token, kind, isUsedUp, isShown }: LinkView, entry: EntryState): Html {
  const { texts } = reader;
  const { id, name } = entry;
  if (entry.type === "folder")
    return html`<li>
      <div>
        <strong><a href="/s/${token}?in=${id}">${name}</a></strong
        ><span class="soft">${texts.folder}</span>
      </div>
    </li>`;
  const href = isShown(name) ? `/s/${token}/view/${id}` : `/s/${token}/${id}`;
  // What a link only shows, and can't show, has no address.
  const isOpen = !isUsedUp && (kind === "download" || isShown(name));
  return html`<li>
    <div>
      <strong>${isOpen ? html`<a href="${href}">${name}</a>` : name}</strong
      ><span class="soft">${sizeOf(reader, entry.size)}</span>
    </div>
    ${
      kind === "download" &&
      !isUsedUp &&
      html`<a class="button short second" href="/s/${token}/${id}" download aria-label="${texts.linkSaveOf(name)}"
        >${texts.linkSave}</a
      >`
    }
  </li>`;
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
