import type { DiskStat } from "../../ports/disk.ts";
import { floorMilliseconds } from "../disk-stat.ts";

/** An inode: what names refer to. */
export interface VirtualNode {
  readonly number: number;
  readonly bornNs: bigint;
  modifiedNs: bigint;
  changedNs: bigint;
  /** Permission bits. */
  mode: number;
  readonly body: VirtualFile | VirtualFolder | VirtualLink;
}

export interface VirtualFile {
  readonly type: "file";
  /** Never changed in place: a write puts another array here. */
  bytes: Uint8Array;
  /** What a power cut leaves of the content: another array than `bytes` until that is synced. */
  durableBytes: Uint8Array;
}

export interface VirtualFolder {
  readonly type: "folder";
  /** By the name as the file system compares it. */
  readonly children: Map<string, VirtualChild>;
}

export interface VirtualChild {
  /** As it was given. */
  readonly name: string;
  readonly node: VirtualNode;
}

export interface VirtualLink {
  readonly type: "link";
  readonly target: string;
}

export type FileNode = VirtualNode & { readonly body: VirtualFile };
export type FolderNode = VirtualNode & { readonly body: VirtualFolder };

export function isFile(node: VirtualNode): node is FileNode {
  return node.body.type === "file";
}

export function isFolder(node: VirtualNode): node is FolderNode {
  return node.body.type === "folder";
}

/** What the port tells of it, in the real disk's forms. */
export function statOf(node: VirtualNode): DiskStat {
  const { body, mode, modifiedNs, changedNs } = node;
  const sizeBytes = sizeOf(body);
  return {
    type: body.type,
    inode: inodeOf(node),
    fingerprint: `${sizeBytes}:${modifiedNs}:${changedNs}:${mode}`,
    sizeBytes,
    modifiedMs: floorMilliseconds(modifiedNs),
    modifiedNs: `${modifiedNs}`,
    executable: isFile(node) && (mode & 0o100) !== 0,
    linkTarget: body.type === "link" ? body.target : null,
  };
}

export function inodeOf({ number, bornNs }: VirtualNode): string {
  return `${number}:${bornNs}`;
}

function sizeOf(body: VirtualNode["body"]): number {
  if (body.type === "file") return body.bytes.length;
  return body.type === "link" ? Buffer.byteLength(body.target) : 0;
}
