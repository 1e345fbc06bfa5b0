import type { EntryState, LinkKind } from "@satchel/protocol";
import type { RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import type { Reader } from "../reader.ts";
import { sizeOf } from "./size-of.ts";

/** The type under which a browser may show it; `drawn` where the server's picture stands for it, `none` where there is no such picture either. */
export type ShownType = string;

export interface LinkFileView {
  readonly token: string;
  readonly kind: LinkKind;
  readonly entry: EntryState;
  readonly shownType: ShownType;
  /** The page that it was opened from. */
  readonly backTo: string;
}

/** A picture, sound or film that a link shows. */
export function linkFileView(reader: Reader, view: LinkFileView): RenderedPage {
  const { texts } = reader;
  const { token, kind, entry, backTo } = view;
  const body = html`<p class="way"><a href="${backTo}">${texts.linkBack}</a></p>
    <h1>${entry.name}</h1>
    <p class="soft">${sizeOf(reader, entry.size)}</p>
    <div class="shown">${player(reader, view)}</div>
    ${
      kind === "download" &&
      html`<p class="foot"><a class="button" href="/s/${token}/${entry.id}" download>${texts.linkSave}</a></p>`
    }`;
  return renderPage(reader, { title: entry.name, body, wide: true, media: true });
}

function player({ texts }: Reader, { token, entry, shownType }: LinkFileView): Html {
  if (shownType === "none") return html`<p class="soft">${texts.linkUndrawn}</p>`;
  if (shownType === "drawn")
    return html`<img src="/s/${token}/picture/${entry.id}?size=1024" alt="${entry.name}" />
      <p class="soft small">${texts.linkDrawn}</p>`;
  const address = `/s/${token}/${entry.id}?inline=1`;
  if (shownType.startsWith("video/"))
    return html`<video src="${address}" controls preload="metadata" aria-label="${entry.name}"></video>`;
  if (shownType.startsWith("audio/"))
    return html`<audio src="${address}" controls preload="metadata" aria-label="${entry.name}"></audio>`;
  return html`<img src="${address}" alt="${entry.name}" />`;
}
