import {
  createApiClient,
  LoginRevokedError,
  systemTiming,
  type ApiClient,
  type Timing,
  type TokenSource,
} from "@satchel/api-client";
import {
  ProblemError,
  workspaceOfEntry,
  type CommitOperation,
  type CommittedContent,
  type WorkspaceId,
} from "@satchel/protocol";
import { CommitBatcher } from "./commit-batcher.ts";
import { FileChangedError, sendContent } from "./send-content.ts";
import type { FromWorker, ToWorker, UploadFailure, UploadJob, UploadTarget } from "./worker-messages.ts";

/** The thread that reads, cuts, hashes and sends files, so that the page stays free. Its login is the page's: it asks for tokens. */
interface Uploading {
  readonly api: ApiClient;
  /** One for each workspace that something was sent to. */
  readonly commits: Map<WorkspaceId, CommitBatcher>;
}

const tokenRequests = new Map<number, (token: string | undefined) => void>();
const running = new Map<number, AbortController>();
let uploading: Uploading | undefined;
let requests = 0;
let currentToken: string | undefined;
/** Ends the waits that began before the network came back. */
let waking = new AbortController();

function tell(message: FromWorker): void {
  postMessage(message);
}

async function askForToken(refused: string | undefined): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const request = requests++;
  tokenRequests.set(request, resolve);
  tell({ kind: "needs_token", request, refused });
  currentToken = await promise;
  if (currentToken === undefined) throw new LoginRevokedError();
  return currentToken;
}

const pageTokens: TokenSource = {
  get: async () => currentToken ?? (await askForToken(undefined)),
  renew: (refused) => askForToken(refused),
};

/** A wait for another try is over when the network is back: a minute would be felt. */
const wakefulTiming: Timing = {
  ...systemTiming,
  async sleep(ms, signal) {
    const woken = waking.signal;
    await systemTiming.sleep(ms, signal ? AbortSignal.any([signal, woken]) : woken).catch((error: unknown) => {
      if (!woken.aborted) throw error;
    });
    signal?.throwIfAborted();
  },
};

function open(serverUrl: string): Uploading {
  const api = createApiClient({
    serverUrl,
    tokens: pageTokens,
    timing: wakefulTiming,
    onRetry: () => tell({ kind: "waiting", waiting: true }),
  });
  return { api, commits: new Map() };
}

async function upload({ api, commits }: Uploading, { job, file, target }: UploadJob): Promise<void> {
  const stopping = new AbortController();
  const workspaceId = workspaceOfEntry(target.id);
  const batcher = commits.get(workspaceId) ?? new CommitBatcher(api, workspaceId);
  commits.set(workspaceId, batcher);
  running.set(job, stopping);
  const onSent = (bytes: number): void => {
    tell({ kind: "sent", job, bytes });
    tell({ kind: "waiting", waiting: false });
  };
  try {
    const replaces = target.kind === "edit" ? target.id : undefined;
    const sent = await sendContent(file, { api, workspaceId, replaces, signal: stopping.signal, onSent });
    stopping.signal.throwIfAborted();
    await batcher.commit(operationOf(target, sent.content), sent.carried);
    tell({ kind: "done", job });
  } catch (error) {
    if (!stopping.signal.aborted) tell({ kind: "failed", job, failure: failureOf(error) });
  } finally {
    // One that was paused and resumed runs anew already, while this run comes to its end.
    if (running.get(job) === stopping) running.delete(job);
  }
}

function operationOf(target: UploadTarget, content: CommittedContent): CommitOperation {
  return target.kind === "create"
    ? { op: "create_file", id: target.id, parent_id: target.parentId, name: target.name, content }
    : { op: "edit_file", id: target.id, base_version_id: target.baseVersionId, content };
}

function failureOf(error: unknown): UploadFailure {
  if (error instanceof ProblemError) return error.code;
  if (error instanceof FileChangedError) return "changed_while_read";
  return error instanceof LoginRevokedError ? "login_revoked" : "internal";
}

globalThis.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "open") uploading = open(data.serverUrl);
  else if (data.kind === "stop") running.get(data.job)?.abort();
  else if (data.kind === "online") {
    waking.abort();
    waking = new AbortController();
  } else if (data.kind === "token") {
    tokenRequests.get(data.request)?.(data.token);
    tokenRequests.delete(data.request);
  } else if (uploading) upload(uploading, data.upload).catch((error: unknown) => reportError(error));
});
