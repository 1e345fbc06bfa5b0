import type { OAuthPages } from "../../../features/oauth/oauth-pages.ts";
import { readerOf } from "../../pages/reader.ts";
import { confirmCodeView, deviceDoneView, enterCodeView, programFailedView } from "../../pages/views/program-view.ts";

/** The pages that the OAuth provider shows by itself. */
export const oauthPages: Omit<OAuthPages, "signedInAccount"> = {
  enterCode: ({ headers }, form, problem) => enterCodeView(readerOf(headers), form, problem),
  confirmCode: ({ headers }, form, device) => confirmCodeView(readerOf(headers), form, device),
  deviceDone: ({ headers }) => deviceDoneView(readerOf(headers)),
  failed: ({ headers }, error) => programFailedView(readerOf(headers), error),
};
