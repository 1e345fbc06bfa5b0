import { useEffect, useState, useSyncExternalStore } from "react";
import { systemTiming } from "@satchel/api-client";
import type { EntryId } from "@satchel/protocol";
import { useApp } from "../app-context.ts";
import { serverUrl } from "../base-path.ts";
import { liveServer } from "./live-server.ts";
import { LiveText, type LiveTextState } from "./live-text.ts";

const nothingYet: LiveTextState = {
  isConnected: false,
  ended: undefined,
  shared: undefined,
  canWrite: false,
  isKept: true,
  isSaved: true,
  problem: null,
  people: [],
};

/** Takes part in editing a file, as long as the part that uses this is shown. */
export function useLiveText(fileId: EntryId): { readonly live: LiveText | undefined; readonly state: LiveTextState } {
  const { api, session } = useApp();
  const [live, setLive] = useState<LiveText>();
  useEffect(() => {
    const opened = new LiveText(liveServer({ serverUrl, api, tokens: session.tokens, fileId }), systemTiming);
    const onNetwork = (): void => opened.networkChanged();
    addEventListener("online", onNetwork);
    addEventListener("offline", onNetwork);
    setLive(opened);
    return () => {
      removeEventListener("online", onNetwork);
      removeEventListener("offline", onNetwork);
      opened.close();
    };
  }, [api, session, fileId]);
  const state = useSyncExternalStore(live?.watch ?? watchNothing, live?.state ?? stillNothing);
  return { live, state };
}

const watchNothing = (): (() => void) => () => undefined;
const stillNothing = (): LiveTextState => nothingYet;
