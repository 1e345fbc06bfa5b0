import type { OAuthPages, RenderedPage } from "../../../features/oauth/oauth-pages.ts";
import { readerOf } from "../../pages/reader.ts";
import { confirmCodeView, deviceDoneView, enterCodeView, programFailedView } from "../../pages/views/program-view.ts";
import { linkBelow, pathBelow } from "../below-path.ts";

/** The pages that the OAuth provider shows by itself. */
export function oauthPages(publicUrl: string | undefined): Omit<OAuthPages, "signedInAccount"> {
  const path = pathBelow(publicUrl);
  // Forms lead where the provider says, which knows its own address.
  const below = (page: RenderedPage): RenderedPage => ({
    ...page,
    body: linkBelow(page.body, path).replaceAll(`"${path}${path}/`, `"${path}/`),
  });
  return {
    enterCode: ({ headers }, form, problem) => below(enterCodeView(readerOf(headers), form, problem)),
    confirmCode: ({ headers }, form, device) => below(confirmCodeView(readerOf(headers), form, device)),
    deviceDone: ({ headers }) => below(deviceDoneView(readerOf(headers))),
    failed: ({ headers }, error) => below(programFailedView(readerOf(headers), error)),
  };
}
