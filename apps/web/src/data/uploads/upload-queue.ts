import type { TokenSource } from "@satchel/api-client";
import type { EntryId, WorkspaceId } from "@satchel/protocol";
import type { Continued } from "./continue-uploads.ts";
import { handleOf } from "./file-handles.ts";
import type { RememberedUpload, UploadMemory } from "./upload-memory.ts";
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
  /** Unfinished ones of pages that were left: the person decides what becomes of them. */
  readonly left: readonly RememberedUpload[];
  /** The network is away, and what is on its way waits for it. */
  readonly offline: boolean;
  /** By what was sent in the last seconds; 0 while nothing moves. */
  readonly bytesPerSecond: number;
}

interface Job {
  readonly wanted: WantedUpload;
  upload: Upload;
}

interface UploadQueueOptions {
  readonly serverUrl: string;
  /** The account's own, by which its uploads are known among those of others in this browser. */
  readonly workspaceId: WorkspaceId;
  readonly tokens: TokenSource;
  /** Where unfinished uploads are remembered beyond this page. */
  readonly memory: UploadMemory;
}

/** How long a rate looks back. */
const rateWindowMs = 5000;
/** Views are made at most this often, however many files are done in between. */
const showEveryMs = 100;

/** Feeds the uploading thread, and tells how far everything is. */
export class UploadQueue {
  readonly #worker: Worker;
  readonly #tokens: TokenSource;
  readonly #workspaceId: WorkspaceId;
  readonly #memory: UploadMemory;
  readonly #jobs = new Map<number, Job>();
  readonly #watchers = new Set<() => void>();
  #sent: { readonly atMs: number; readonly bytes: number }[] = [];
  #left: readonly RememberedUpload[] = [];
  #nextKey = 1;
  #offline = false;
  #showing: ReturnType<typeof setTimeout> | undefined;
  #view: UploadsView = { uploads: [], left: [], offline: false, bytesPerSecond: 0 };

  constructor(worker: Worker, options: UploadQueueOptions) {
    this.#worker = worker;
    this.#tokens = options.tokens;
    this.#workspaceId = options.workspaceId;
    this.#memory = options.memory;
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#hear(data));
    this.#say({ kind: "open", serverUrl: options.serverUrl });
    // The worker's waits end when the network is back, and not when they are over.
    addEventListener("online", () => this.#say({ kind: "online" }));
    this.#offerLeft().catch((error: unknown) => reportError(error));
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
    this.#remember(wanted);
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

  /** Goes on with what pages left behind, as far as the browser can open the files by itself. Only while a click is being handled. */
  async continueLeft(): Promise<void> {
    const { reopenUploads } = await import("./continue-uploads.ts");
    this.#goOn(await reopenUploads(this.#left));
  }

  /** Goes on with those of them whose files these are. */
  async continueWith(files: Iterable<File>): Promise<void> {
    const { matchPicked } = await import("./continue-uploads.ts");
    this.#goOn(matchPicked(this.#left, files));
  }

  /** They are not to be finished. */
  dropLeft(): void {
    this.#goOn({ wanted: [], still: [] });
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
    this.#forget(key);
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
    if (change.state === "done") this.#forget(key);
    this.#change(key, change);
    this.#startMore();
  }

  async #offerLeft(): Promise<void> {
    this.#left = await this.#memory.left(this.#workspaceId);
    if (this.#left.length > 0) this.#showSoon();
  }

  #goOn({ wanted, still }: Continued): void {
    const settled = this.#left.filter((upload) => !still.includes(upload)).map(({ key }) => key);
    this.#left = still;
    if (wanted.length > 0) this.add(wanted);
    this.#memory.forget(settled).catch((error: unknown) => reportError(error));
    this.#showSoon();
  }

  /** Before the uploads get their keys, which begin with the next one. */
  #remember(wanted: readonly WantedUpload[]): void {
    const uploads = wanted.map(({ file, name, folderId, target }, index) => ({
      key: this.#memoryKey(this.#nextKey + index),
      page: this.#memory.page,
      workspaceId: this.#workspaceId,
      name,
      path: file.webkitRelativePath || file.name,
      sizeBytes: file.size,
      folderId,
      target,
      handle: handleOf(file),
    }));
    this.#memory.remember(uploads).catch((error: unknown) => reportError(error));
  }

  #forget(key: number): void {
    this.#memory.forget([this.#memoryKey(key)]).catch((error: unknown) => reportError(error));
  }

  #memoryKey(key: number): string {
    return `${this.#memory.page} ${key}`;
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
        left: this.#left,
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
