import type { TokenSource } from "@satchel/api-client";
import type { EntryId, WorkspaceId } from "@satchel/protocol";
import type { Continued } from "./continue-uploads.ts";
import { afterOthers } from "../in-slices.ts";
import { handleOf } from "./file-handles.ts";
import { measureSome, type MeasuredUpload } from "./measure-some.ts";
import { RecentRate } from "./recent-rate.ts";
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

/** Uploads that are being added, and what becomes of those that aren't on the list yet. */
interface Adding {
  as: "waiting" | "paused" | "cancelled";
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

/** Views are made at most this often, however many files are done in between. */
const showEveryMs = 100;

/** Feeds the uploading thread, and tells how far everything is. */
export class UploadQueue {
  readonly #worker: Worker;
  readonly #tokens: TokenSource;
  readonly #workspaceId: WorkspaceId;
  readonly #memory: UploadMemory;
  readonly #jobs = new Map<number, Job>();
  readonly #adding = new Set<Adding>();
  readonly #watchers = new Set<() => void>();
  readonly #rate = new RecentRate();
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

  /** Returns when all are on the list. The first ones are at once, and begin. */
  async add(wanted: readonly WantedUpload[]): Promise<void> {
    const adding: Adding = { as: "waiting" };
    this.#adding.add(adding);
    for (let at = 0; at < wanted.length;) {
      if (at > 0) await afterOthers();
      if (adding.as === "cancelled") break;
      const some = measureSome(wanted, at);
      this.#addSome(some, adding.as);
      at += some.length;
    }
    this.#adding.delete(adding);
  }

  #addSome(wanted: readonly MeasuredUpload[], state: UploadState): void {
    this.#remember(wanted);
    for (const upload of wanted) {
      const key = this.#nextKey++;
      const { name, folderId, sizeBytes } = upload;
      this.#jobs.set(key, {
        wanted: upload,
        upload: { key, name, folderId, sizeBytes, sentBytes: 0, state, failure: undefined },
      });
    }
    this.#startMore();
  }

  /** Goes on with what pages left behind, as far as the browser can open the files by itself. Only while a click is being handled. */
  async continueLeft(): Promise<void> {
    const { reopenUploads } = await import("./continue-uploads.ts");
    await this.#goOn(await reopenUploads(this.#left));
  }

  /** Goes on with those of them whose files these are. */
  async continueWith(files: Iterable<File>): Promise<void> {
    const { matchPicked } = await import("./continue-uploads.ts");
    await this.#goOn(matchPicked(this.#left, files));
  }

  /** They are not to be finished. */
  async dropLeft(): Promise<void> {
    await this.#goOn({ wanted: [], still: [] });
  }

  /** Pauses what is not finished. Resuming asks the server what it has, so that nothing is sent twice. */
  pauseAll(): void {
    for (const adding of this.#adding) adding.as = "paused";
    for (const [key, { upload }] of this.#jobs) if (isUnfinished(upload)) this.#stop(key, "paused");
  }

  resumeAll(): void {
    for (const adding of this.#adding) adding.as = "waiting";
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
    for (const adding of this.#adding) adding.as = "cancelled";
    const keys = [...this.#jobs.keys()];
    for (const key of keys) this.cancel(key);
  }

  /** Whether leaving the page now would lose something. */
  isBusy(): boolean {
    return this.#adding.size > 0 || [...this.#jobs.values()].some(({ upload }) => isUnfinished(upload));
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
        this.#rate.add(message.bytes);
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

  async #goOn({ wanted, still }: Continued): Promise<void> {
    const kept = new Set(still);
    const settled = this.#left.filter((upload) => !kept.has(upload)).map(({ key }) => key);
    this.#left = still;
    this.#showSoon();
    // Remembered anew, all of them, before they are forgotten as what they were.
    await this.add(wanted);
    await this.#memory.forget(settled);
  }

  /** Before the uploads get their keys, which begin with the next one. */
  #remember(wanted: readonly MeasuredUpload[]): void {
    const uploads = wanted.map(({ file, name, folderId, target, sizeBytes }, index) => ({
      key: this.#memoryKey(this.#nextKey + index),
      page: this.#memory.page,
      workspaceId: this.#workspaceId,
      name,
      path: file.webkitRelativePath || file.name,
      sizeBytes,
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
        bytesPerSecond: this.#rate.bytesPerSecond(),
      };
      for (const onChange of this.#watchers) onChange();
    }, showEveryMs);
  }

  #say(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}

export function isUnfinished({ state }: Upload): boolean {
  return state === "waiting" || state === "uploading" || state === "paused";
}
