import type { MetadataStore } from "../metadata-store.ts";

type Section = "identity" | "access" | "tree" | "history" | "ledger" | "uploads" | "maintenance";

/** The store's methods, which a worker carries out by name. Complete: a method that is missing here is a type error. */
export const storeMethods = {
  identity: methods<"identity">({
    createAccount: true,
    findAccountByName: true,
    findAccount: true,
    listAccounts: true,
    setAccountDisabled: true,
    setPassword: true,
    createDevice: true,
    findDevice: true,
    listDevices: true,
    revokeDevice: true,
    touchDevice: true,
    rotateRefreshToken: true,
    createJoinCode: true,
    redeemJoinCode: true,
  }),
  access: methods<"access">({ findRole: true, putMember: true, removeMember: true }),
  tree: methods<"tree">({
    commit: true,
    head: true,
    changesSince: true,
    findEntry: true,
    listFolder: true,
    resolvePath: true,
    pathOf: true,
    manifests: true,
    listConflicts: true,
  }),
  history: methods<"history">({ listVersions: true, listTrash: true, restore: true }),
  ledger: methods<"ledger">({ grant: true, sizesOfHeld: true, usage: true }),
  uploads: methods<"uploads">({ put: true, find: true, drop: true }),
  maintenance: methods<"maintenance">({
    listWorkspaces: true,
    prune: true,
    releaseChunks: true,
    findUnheld: true,
    dropExpired: true,
    check: true,
    listHeldChunks: true,
  }),
} as const satisfies Record<Section, readonly string[]>;

function methods<Name extends Section>(
  all: Record<keyof MetadataStore[Name], true>,
): readonly (keyof MetadataStore[Name] & string)[] {
  return Object.keys(all) as (keyof MetadataStore[Name] & string)[];
}
