import type { RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { html } from "../html.ts";
import { renderPage } from "../layout.ts";
import type { Reader } from "../reader.ts";

export interface LinkUploadView {
  readonly token: string;
  readonly name: string;
  /** No more files may come. */
  readonly isUsedUp: boolean;
}

/** A link that takes files, and shows nothing of what is there. */
export function linkUploadView(reader: Reader, { token, name, isUsedUp }: LinkUploadView): RenderedPage {
  const { texts } = reader;
  const words = JSON.stringify({
    waiting: texts.linkUploadWaiting,
    done: texts.linkUploadDone,
    doneAs: texts.linkUploadDoneAs,
    full: texts.linkUploadFull,
    ended: texts.linkUploadEnded,
    failed: texts.linkUploadFailed,
    name: texts.linkUploadName,
  });
  const form = html`<form class="upload" data-upload data-words="${words}" action="/s/${token}/upload" hidden>
      <label class="button">
        ${texts.linkUploadChoose}
        <input type="file" multiple class="visually-hidden" />
      </label>
      <p class="soft small">${texts.linkUploadDrop}</p>
      <ul class="list files" aria-label="${texts.linkUploadList}" aria-live="polite" hidden></ul>
    </form>
    <noscript><p class="notice bad">${texts.linkUploadScript}</p></noscript>`;
  const body = html`<h1>${name}</h1>
    <p class="soft">${texts.linkUploadText}</p>
    ${isUsedUp ? html`<p class="notice bad" role="alert">${texts.linkUploadEnded}</p>` : form}`;
  return renderPage(reader, { title: name, body, wide: true, uploads: !isUsedUp });
}
