import { LoginRevokedError, noRetry, OfflineError, type ApiClient, type TokenSource } from "@satchel/api-client";
import { bearerProtocol, livePath, liveProtocol, ProblemError, type EntryId } from "@satchel/protocol";

/** A connection to a session. */
export interface LiveLink {
  /** Dropped where the connection is not open. */
  send(message: Uint8Array): void;
  /** Ends it; `onClose` is told. */
  close(): void;
}

export interface LinkHandlers {
  onOpen(): void;
  onMessage(message: Uint8Array): void;
  /** Exactly once, and last. The code is that of RFC 6455, or one of `liveCloseCodes`. */
  onClose(code: number): void;
}

/** Why a file can't be joined; `none`: nothing is known against it. */
export type LiveRefusal = "none" | "gone" | "login_ended";

/** What a text that is edited live needs of the server. */
export interface LiveServer {
  /** Returns at once. */
  connect(session: string | undefined, handlers: LinkHandlers): LiveLink;
  /** Why it was refused, which a page isn't told by the socket. Never rejects. */
  findRefusal(): Promise<LiveRefusal>;
  /** Gets another login token in place of the one that was refused. Never rejects. */
  renew(): Promise<LiveRefusal>;
}

/** RFC 6455: the connection ended without a word. */
const noStatusReceived = 1005;

interface ServerParts {
  readonly serverUrl: string;
  readonly api: ApiClient;
  readonly tokens: TokenSource;
  readonly fileId: EntryId;
}

export function liveServer({ serverUrl, api, tokens, fileId }: ServerParts): LiveServer {
  let token = "";
  return {
    connect(session, handlers) {
      let socket: WebSocket | undefined;
      let isEnded = false;
      const end = (code: number): void => {
        if (isEnded) return;
        isEnded = true;
        handlers.onClose(code);
      };
      const open = async (): Promise<void> => {
        token = await tokens.get();
        if (isEnded) return;
        const query = new URLSearchParams({ file_id: fileId, ...(session !== undefined && { session }) });
        socket = new WebSocket(serverUrl.replace(/^http/, "ws") + `${livePath}?${query}`, [
          liveProtocol,
          bearerProtocol(token),
        ]);
        socket.binaryType = "arraybuffer";
        socket.addEventListener("open", () => handlers.onOpen());
        socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
          if (!isEnded && data instanceof ArrayBuffer) handlers.onMessage(new Uint8Array(data));
        });
        socket.addEventListener("close", ({ code }) => end(code));
      };
      open().catch(() => end(noStatusReceived));
      return {
        send: (message) => {
          if (socket?.readyState === WebSocket.OPEN) socket.send(message.slice());
        },
        close: () => {
          socket?.close();
          end(noStatusReceived);
        },
      };
    },
    findRefusal: async () => refusalOf(() => api.metadata({ fileId }, { retry: noRetry })),
    renew: async () => refusalOf(() => tokens.renew(token)),
  };
}

async function refusalOf(ask: () => Promise<unknown>): Promise<LiveRefusal> {
  try {
    await ask();
    return "none";
  } catch (error) {
    if (error instanceof LoginRevokedError) return "login_ended";
    if (error instanceof OfflineError) return "none";
    return error instanceof ProblemError && (error.code === "not_found" || error.code === "forbidden")
      ? "gone"
      : "none";
  }
}
