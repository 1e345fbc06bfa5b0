import type { EntryId, EntryState, LinkKind } from "@satchel/protocol";
import type { RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { html, raw, type Html } from "../html.ts";
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
  /** Whether there may be a small picture of a file of this name. */
  readonly isPictured: (name: string) => boolean;
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

/** Drawn as in the web app. */
const folderIcon = raw(
  '<svg aria-hidden="true" viewBox="0 0 24 24" width="24" height="24"><path fill="currentColor" d="M3 6a2 2 0 0 1 2-2h4l2 3h8a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/></svg>',
);
const fileIcon = raw(
  '<svg aria-hidden="true" viewBox="0 0 24 24" width="24" height="24"><path fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" d="M6 3h8l5 5v12a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v5h5"/></svg>',
);

/** What it looks like; else what kind of thing it is. */
function picture({ token, isPictured }: LinkView, { id, name, type }: EntryState): Html {
  if (type === "folder") return html`<span class="small-picture" data-type="folder">${folderIcon}</span>`;
  // What there is no picture of in the end leaves the icon to be seen, which lies below.
  const image = html`<img src="/s/${token}/picture/${id}" alt="" loading="lazy" decoding="async" />`;
  return html`<span class="small-picture">${fileIcon}${isPictured(name) && image}</span>`;
}

function row(reader: Reader, view: LinkView, entry: EntryState): Html {
  const { token, kind, isUsedUp, isShown } = view;
  const { texts } = reader;
  const { id, name } = entry;
  if (entry.type === "folder")
    return html`<li>
      ${picture(view, entry)}
      <div>
        <strong><a href="/s/${token}?in=${id}">${name}</a></strong
        ><span class="soft">${texts.folder}</span>
      </div>
    </li>`;
  const href = isShown(name) ? `/s/${token}/view/${id}` : `/s/${token}/${id}`;
  // What a link only shows, and can't show, has no address.
  const isOpen = !isUsedUp && (kind === "download" || isShown(name));
  return html`<li>
    ${picture(view, entry)}
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
