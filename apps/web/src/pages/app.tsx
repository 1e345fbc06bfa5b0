import { lazy, Suspense, useCallback, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Toast } from "@base-ui/react/toast";
import { LoginRevokedError, OfflineError } from "@satchel/api-client";
import { ProblemError } from "@satchel/protocol";
import { useTranslation } from "react-i18next";
import { Router } from "wouter";
import { basePath, serverUrl } from "../data/base-path.ts";
import { AppProvider, type AppContext } from "../data/app-context.ts";
import { unsentTexts } from "../data/live/unsent-texts.ts";
import { openApp } from "../data/open-app.ts";
import { sharesKey } from "../data/sharing/use-shares.ts";
import { openSession } from "../data/session/session.ts";
import { Shell } from "../parts/shell/shell.tsx";
import { Toasts } from "../parts/toasts/toasts.tsx";
import { Routes } from "./routes.tsx";
import { SignedOutPage, type SignedOutReason } from "./signed-out-page.tsx";

const newsKeys = [sharesKey, ["share-members"], ["notices"]] as const;
/** Where it can't be had, because the server went while the app began, the app goes on waiting. */
const OfflineStart = lazy(async () => {
  const part = await import("../parts/offline/offline-start.tsx").catch(() => undefined);
  return { default: part?.OfflineStart ?? Waiting };
});

/** It is fetched with the editor, so that it is there without the server, too. */
const UnsentQuestion = lazy(async () => {
  const part = await import("../parts/editor/unsent-question.tsx").catch(() => undefined);
  return { default: part?.UnsentQuestion ?? (() => null) };
});

type Phase =
  | { readonly kind: "starting" }
  | { readonly kind: "signed-out"; readonly reason: SignedOutReason }
  | { readonly kind: "signed-in"; readonly app: AppContext };

const session = openSession();
const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 0 } } });

/** The app, and what outlives its pages. */
export function App(): ReactNode {
  const unsent = useSyncExternalStore(unsentTexts.watch, unsentTexts.first);
  return (
    <>
      <Door />
      <Suspense>{unsent ? <UnsentQuestion text={unsent} /> : null}</Suspense>
    </>
  );
}

/** Signed out or in: everything else lies behind this door. */
function Door(): ReactNode {
  const [phase, setPhase] = useState<Phase>({ kind: "starting" });
  const signedOut = useCallback(() => {
    session.forget().catch((error: unknown) => reportError(error));
    queries.clear();
    setPhase({ kind: "signed-out", reason: session.isOtherAccount() ? "replaced" : "revoked" });
  }, []);

  useEffect(() => {
    session.onOtherAccount(signedOut);
    start(setPhase).catch((error: unknown) => reportError(error));
  }, [signedOut]);
  const app = phase.kind === "signed-in" ? phase.app : undefined;
  useEffect(() => {
    const following = app?.workspace.follow({
      onEnd: signedOut,
      onNews: hearNews,
      onDevice: (told) => app.devices.hear(told),
      onPresence: (told, of) => (told ? app.present.hear(told) : app.present.forget(of)),
    });
    return () => following?.close();
  }, [app, signedOut]);

  if (phase.kind === "starting") return <Starting />;
  if (phase.kind === "signed-out")
    return (
      <SignedOutPage
        reason={phase.reason}
        onSignIn={phase.reason === "replaced" ? session.startOver : session.signIn}
      />
    );
  return (
    <AppProvider value={phase.app}>
      <QueryClientProvider client={queries}>
        <Toast.Provider timeout={8000} limit={3}>
          <Router base={basePath}>
            <Shell>
              <Routes />
            </Shell>
          </Router>
          <Toasts />
        </Toast.Provider>
      </QueryClientProvider>
    </AppProvider>
  );
}

/** What is shared, and what the account is told, is asked for anew where it is shown. */
function hearNews(): void {
  for (const queryKey of newsKeys)
    queries.invalidateQueries({ queryKey }).catch((error: unknown) => reportError(error));
}

/** Whoever has no login is sent to the server's sign-in page, and comes back with one. */
async function start(show: (phase: Phase) => void): Promise<void> {
  try {
    if (await session.isSignedIn()) show({ kind: "signed-in", app: await openApp(session, serverUrl) });
    else session.signIn();
  } catch (error) {
    if (error instanceof LoginRevokedError) {
      // Leaving this page would break it off.
      await session.forget();
      session.signIn();
    } else if (error instanceof OfflineError) show({ kind: "signed-out", reason: "offline" });
    else if (error instanceof ProblemError) show({ kind: "signed-out", reason: "failed" });
    else throw error;
  }
}

/** How long the server may take before it is said that it can't be reached. */
const patienceMs = 8000;

function Starting(): ReactNode {
  const [isLate, setLate] = useState(!navigator.onLine);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  if (isLate)
    return (
      <Suspense fallback={<Waiting />}>
        <OfflineStart />
      </Suspense>
    );
  return <Waiting />;
}

function Waiting(): ReactNode {
  const { t } = useTranslation();
  return (
    <main className="empty" aria-busy="true">
      <p>{t("app.loading")}</p>
    </main>
  );
}
