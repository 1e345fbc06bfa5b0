import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { BrandMark } from "../parts/shell/brand-mark.tsx";

/** Why somebody is here and not on the server's sign-in page; `replaced`: another tab has signed in as another account. */
export type SignedOutReason = "revoked" | "failed" | "offline" | "replaced";

interface SignedOutPageProps {
  readonly reason: SignedOutReason;
  readonly onSignIn: () => void;
}

/** The login ended while the app was open, or could not begin. Nobody is sent away from what they were reading without a word. */
export function SignedOutPage({ reason, onSignIn }: SignedOutPageProps): ReactNode {
  const { t } = useTranslation();
  return (
    <main className="empty">
      <BrandMark size={56} />
      <h1>{t(`signedOut.${reason}`)}</h1>
      <button type="button" className="button primary" onClick={onSignIn} autoFocus>
        {t(reason === "replaced" ? "signedOut.goOn" : "signedOut.signIn")}
      </button>
    </main>
  );
}
