import type { TokenSource } from "@satchel/api-client";
import type { EntryId, WorkspaceId } from "@satchel/protocol";
import type { FromWorker, ToWorker, UploadFailure, UploadTarget } from "./worker-messages.ts";

/** Files that are read and sent at a time. More would only share the same network. */
const maxUploading = 4;

export type UploadState = "waiting" | "uploading" | "paused" | "done" | "failed";

/** One file on its way, as the panel shows it. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  /** Where it goes, to show it there. */
  readonly folderId: EntryId;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly state: UploadState;
  readonly failure: UploadFailure | undefined;
}

export interface WantedUpload {
  readonly file: File;
  readonly name: string;
  readonly folderId: EntryId;
  readonly target: UploadTarget;
}

/** All uploads of this tab, at one instant. */
export interface UploadsView {
  readonly uploads: readonly Upload[];
  /** The network is away, and what is on its way waits for it. */
  readonly offline: boolean;
  /** By what was sent in the last seconds; 0 while nothing moves. */
  readonly bytesPerSecond: number;
}

interface Job {
  readonly wanted: WantedUpload;
  upload: Upload;
}

/** How long a rate looks back. */
const rateWindowMs = 5000;
/** Views are made at most this often, however many files are done in between. */
const showEveryMs = 100;

/** Feeds the uploading thread, and tells how far everything is. */
export class UploadQueue {
  readonly #worker: Worker;
  readonly #tokens: TokenSource;
  readonly #jobs = new Map<number, Job>();
  readonly #watchers = new Set<() => void>();
  #sent: { readonly atMs: number; readonly bytes: number }[] = [];
  #nextKey = 1;
  #offline = false;
  #showing: ReturnType<typeof setTimeout> | undefined;
  #view: UploadsView = { uploads: [], offline: false, bytesPerSecond: 0 };

  constructor(worker: Worker, options: { serverUrl: string; workspaceId: WorkspaceId; tokens: TokenSource }) {
    this.#worker = worker;
    this.#tokens = options.tokens;
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#hear(data));
    this.#say({ kind: "open", serverUrl: options.serverUrl, workspaceId: options.workspaceId });
  }

  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  }

  /** The same object until the next change. */
  view(): UploadsView {
    return this.#view;
  }

  add(wanted: readonly WantedUpload[]): void {
    for (const upload of wanted) {
      const key = this.#nextKey++;
      const { name, folderId, file } = upload;
      this.#jobs.set(key, {
        wanted: upload,
        upload: { key, name, folderId, sizeBytes: file.size, sentBytes: 0, state: "waiting", failure: undefined },
      });
    }
    this.#startMore();
  }

  /** Pauses what is not finished. Resuming asks the server what it has, so that nothing is sent twice. */
  pauseAll(): void {
    for (const [key, { upload }] of this.#jobs) if (isUnfinished(upload)) this.#stop(key, "paused");
  }

  resumeAll(): void {
    for (const [key, { upload }] of this.#jobs) if (upload.state === "paused") this.#change(key, { state: "waiting" });
    this.#startMore();
  }

  retry(key: number): void {
    this.#change(key, { state: "waiting", failure: undefined, sentBytes: 0 });
    this.#startMore();
  }

  /** Takes it off the list; if it was not finished, it never happened. */
  cancel(key: number): void {
    if (this.#jobs.get(key)?.upload.state === "uploading") this.#say({ kind: "stop", job: key });
    this.#jobs.delete(key);
    this.#startMore();
  }

  cancelAll(): void {
    const keys = [...this.#jobs.keys()];
    for (const key of keys) this.cancel(key);
  }

  /** Whether leaving the page now would lose something. */
  isBusy(): boolean {
    return [...this.#jobs.values()].some(({ upload }) => isUnfinished(upload));
  }

  #stop(key: number, state: UploadState): void {
    if (this.#jobs.get(key)?.upload.state === "uploading") this.#say({ kind: "stop", job: key });
    this.#change(key, { state, sentBytes: 0 });
  }

  #startMore(): void {
    const jobs = [...this.#jobs];
    let free = maxUploading - jobs.filter(([, { upload }]) => upload.state === "uploading").length;
    for (const [key, { upload, wanted }] of jobs) {
      if (free <= 0) break;
      if (upload.state !== "waiting") continue;
      free -= 1;
      this.#change(key, { state: "uploading", sentBytes: 0 });
      this.#say({ kind: "upload", upload: { job: key, file: wanted.file, target: wanted.target } });
    }
    this.#showSoon();
  }

  #hear(message: FromWorker): void {
    if (message.kind === "needs_token") return this.#sendToken(message.request, message.refused);
    if (message.kind === "waiting") this.#offline = message.waiting;
    else {
      const job = this.#jobs.get(message.job);
      if (job?.upload.state !== "uploading") return;
      if (message.kind === "sent") {
        this.#sent.push({ atMs: performance.now(), bytes: message.bytes });
        this.#change(message.job, { sentBytes: job.upload.sentBytes + message.bytes });
      } else if (message.kind === "done") this.#finish(message.job, { state: "done", sentBytes: job.upload.sizeBytes });
      else this.#finish(message.job, { state: "failed", failure: message.failure });
    }
    this.#showSoon();
  }

  #finish(key: number, change: Partial<Upload>): void {
    this.#change(key, change);
    this.#startMore();
  }

  #sendToken(request: number, refused: string | undefined): void {
    const token = refused === undefined ? this.#tokens.get() : this.#tokens.renew(refused);
    token
      .catch(() => undefined)
      .then((value) => this.#say({ kind: "token", request, token: value }))
      .catch((error: unknown) => reportError(error));
  }

  #change(key: number, change: Partial<Upload>): void {
    const job = this.#jobs.get(key);
    if (job) job.upload = { ...job.upload, ...change };
    this.#showSoon();
  }

  #showSoon(): void {
    if (this.#showing !== undefined) return;
    this.#showing = setTimeout(() => {
      this.#showing = undefined;
      this.#view = {
        uploads: [...this.#jobs.values()].map(({ upload }) => upload),
        offline: this.#offline,
        bytesPerSecond: this.#rate(),
      };
      for (const onChange of this.#watchers) onChange();
    }, showEveryMs);
  }

  #rate(): number {
    const sinceMs = performance.now() - rateWindowMs;
    this.#sent = this.#sent.filter(({ atMs }) => atMs >= sinceMs);
    const [first] = this.#sent;
    if (!first) return 0;
    const seconds = Math.max(0.5, (performance.now() - first.atMs) / 1000);
    return this.#sent.reduce((sum, { bytes }) => sum + bytes, 0) / seconds;
  }

  #say(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}

export function isUnfinished({ state }: Upload): boolean {
  return state === "waiting" || state === "uploading" || state === "paused";
}
