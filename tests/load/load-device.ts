import { createHash, randomBytes } from "node:crypto";
import {
  encodeFrame,
  frameMediaType,
  idPartBytes,
  makeEntryId,
  rootEntryId,
  type CommitOperation,
  type CommitResponse,
  type EntryId,
  type LoginResponse,
} from "@satchel/protocol";
import { RawConnection, type RawAnswer } from "./raw-connection.ts";

/** What a small save carries. */
const contentBytes = 1024;
/** Files that a device edits in turn. */
const filesOfDevice = 20;

interface LoadFile {
  readonly id: EntryId;
  readonly versionId: string;
}

/** A device that does what it is told, over a connection of its own. */
export class LoadDevice {
  readonly #connection: RawConnection;
  readonly #login: LoginResponse;
  readonly #folder: EntryId;
  readonly #files: LoadFile[] = [];
  #cursor = "";
  #turn = 0;

  private constructor(connection: RawConnection, login: LoginResponse) {
    this.#connection = connection;
    this.#login = login;
    this.#folder = makeEntryId(login.workspace_id, randomBytes(idPartBytes));
  }

  /** Makes a folder of its own in the account's root. */
  static async open(url: string, login: LoginResponse): Promise<LoadDevice> {
    const device = new LoadDevice(await RawConnection.open(url), login);
    const { body } = await device.#get("/v1/sync/changes?limit=1");
    device.#cursor = (JSON.parse(body) as { cursor: string }).cursor;
    const root = rootEntryId(login.workspace_id);
    const name = `device ${device.#folder}`;
    await device.#commit([{ op: "create_folder", id: device.#folder, parent_id: root, name }]);
    return device;
  }

  /** A small save: a new file while there are few, then an edit. Answers the status. */
  async save(): Promise<number> {
    const bytes = randomBytes(contentBytes);
    const content = contentOf(bytes);
    const turn = (this.#turn += 1) % filesOfDevice;
    const file = this.#files[turn];
    const id = file?.id ?? makeEntryId(this.#login.workspace_id, randomBytes(idPartBytes));
    const operation = file
      ? { op: "edit_file", id, base_version_id: file.versionId, content }
      : { op: "create_file", id, parent_id: this.#folder, name: `${turn}.bin`, content };
    const { status, results } = await this.#commit([operation as CommitOperation], bytes);
    const [result] = results;
    if (result?.status === "done") this.#files[turn] = { id, versionId: result.version_id ?? "" };
    return result?.status === "failed" ? 409 : status;
  }

  /** One of what devices and people ask most: what is new, what is in a folder, what is known of a file. Answers the status. */
  async read(): Promise<number> {
    this.#turn += 1;
    const file = this.#files[this.#turn % filesOfDevice];
    const kind = this.#turn % 10;
    if (kind < 5) return this.#readFeed();
    if (kind < 8 || !file) return (await this.#get(`/v1/files/metadata?folder_id=${this.#folder}`)).status;
    return (await this.#get(`/v1/files/metadata?file_id=${file.id}`)).status;
  }

  /** From where it was: a device that listens has read what came before. */
  async #readFeed(): Promise<number> {
    const { status, body } = await this.#get(`/v1/sync/changes?cursor=${this.#cursor}`);
    const [, cursor] = /"cursor":"([^"]+)"/.exec(body) ?? [];
    if (status === 200 && cursor !== undefined) this.#cursor = cursor;
    return status;
  }

  close(): void {
    this.#connection.close();
  }

  #get(path: string): Promise<RawAnswer> {
    return this.#connection.ask({ method: "GET", path, authorization: `Bearer ${this.#login.access_token}` });
  }

  async #commit(
    operations: readonly CommitOperation[],
    bytes?: Uint8Array,
  ): Promise<{ status: number; results: CommitResponse["results"] }> {
    const head = {
      workspace_id: this.#login.workspace_id,
      seen: this.#cursor,
      operations,
      ...(bytes && { carried: packed(bytes) }),
    };
    const { status, body } = await this.#connection.ask({
      method: "POST",
      path: "/v1/sync/commit",
      authorization: `Bearer ${this.#login.access_token}`,
      type: frameMediaType,
      body: Buffer.concat(encodeFrame(head, bytes ? [bytes] : [])),
    });
    if (status !== 200) return { status, results: [] };
    const answer = JSON.parse(body) as CommitResponse;
    this.#cursor = answer.cursor;
    return { status, results: answer.results };
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

/** Base64 of one packed chunk: its hash and its size. */
function packed(bytes: Uint8Array): string {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([sha256(bytes), size]).toString("base64");
}

function contentOf(bytes: Uint8Array) {
  return {
    version_hash: sha256(sha256(bytes)).toString("hex"),
    size: bytes.length,
    chunks: packed(bytes),
    modified: "2026-01-31T12:00:00.000Z",
    executable: false,
  };
}
