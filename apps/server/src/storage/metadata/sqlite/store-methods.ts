import type { MetadataStore } from "../metadata-store.ts";

type Section =
  | "identity"
  | "signIn"
  | "factors"
  | "oauth"
  | "attempts"
  | "mail"
  | "notices"
  | "access"
  | "audit"
  | "privacy"
  | "tree"
  | "history"
  | "ledger"
  | "shares"
  | "links"
  | "comments"
  | "live"
  | "dav"
  | "uploads"
  | "maintenance"
  | "places"
  | "jobRounds"
  | "leases"
  | "outbox"
  | "tasks"
  | "previews"
  | "scans"
  | "scrub";

/** The store's methods, which a worker carries out by name. Complete: a method that is missing here is a type error. */
export const storeMethods = {
  identity: methods<"identity">({
    createAccount: true,
    findAccountByName: true,
    findAccountByEmail: true,
    isNameTaken: true,
    findAccount: true,
    listAccounts: true,
    listAdministrators: true,
    setAccountDisabled: true,
    setPassword: true,
    setEmail: true,
    endLogins: true,
    createDevice: true,
    adoptDevice: true,
    findDevice: true,
    listDevices: true,
    revokeDevice: true,
    touchDevice: true,
    rotateRefreshToken: true,
    createJoinCode: true,
    redeemJoinCode: true,
  }),
  audit: methods<"audit">({ append: true, list: true, readChain: true, prune: true, erase: true }),
  privacy: methods<"privacy">({
    requestDeletion: true,
    cancelDeletion: true,
    findDeletion: true,
    listDue: true,
    eraseStep: true,
    listMemberships: true,
  }),
  access: methods<"access">({ findRole: true, putMember: true, removeMember: true }),
  signIn: methods<"signIn">({
    putSecret: true,
    replaceSecrets: true,
    findSecret: true,
    takeSecret: true,
    listSecrets: true,
    createSession: true,
    findSession: true,
    touchSession: true,
    listSessions: true,
    endSession: true,
    findLinked: true,
    listLinked: true,
    link: true,
    unlink: true,
    createAppPassword: true,
    findAppPassword: true,
  }),
  factors: methods<"factors">({
    findTotp: true,
    beginTotp: true,
    takeTotpStep: true,
    removeTotp: true,
    setRecoveryCodes: true,
    countRecoveryCodes: true,
    takeRecoveryCode: true,
    addPasskey: true,
    findPasskey: true,
    listPasskeys: true,
    usePasskey: true,
    removePasskey: true,
  }),
  oauth: methods<"oauth">({
    put: true,
    find: true,
    findByUid: true,
    findByUserCode: true,
    consume: true,
    destroy: true,
    revokeGrant: true,
    createGrantDevice: true,
    addClient: true,
    findClient: true,
    listClients: true,
    removeClient: true,
  }),
  attempts: methods<"attempts">({ count: true, takeBack: true, isKnown: true }),
  mail: methods<"mail">({
    add: true,
    take: true,
    remove: true,
    putOff: true,
    nextDueMs: true,
    list: true,
    counts: true,
  }),
  notices: methods<"notices">({ add: true, list: true, markRead: true, settings: true, putSettings: true }),
  tree: methods<"tree">({
    commit: true,
    transfer: true,
    head: true,
    changesSince: true,
    findEntry: true,
    listFolder: true,
    resolvePath: true,
    pathOf: true,
    manifests: true,
    findLiving: true,
    latestChanges: true,
    listConflicts: true,
  }),
  history: methods<"history">({
    listVersions: true,
    listTrash: true,
    listActivity: true,
    previewRestore: true,
    restore: true,
  }),
  ledger: methods<"ledger">({
    grant: true,
    sizesOfHeld: true,
    accountUsage: true,
    usage: true,
    room: true,
    use: true,
    setQuota: true,
    listOwned: true,
  }),
  links: methods<"links">({ add: true, find: true, list: true, remove: true, takeDownload: true }),
  comments: methods<"comments">({
    list: true,
    add: true,
    setResolved: true,
    remove: true,
    putPassages: true,
    listOf: true,
  }),
  live: methods<"live">({
    take: true,
    prolong: true,
    append: true,
    save: true,
    release: true,
    remove: true,
    listForsaken: true,
  }),
  dav: methods<"dav">({
    listProperties: true,
    patchProperties: true,
    copyProperties: true,
    listLocks: true,
    addLock: true,
    prolongLock: true,
    removeLocks: true,
    folderStamps: true,
    beginUpload: true,
    isUploading: true,
    putPart: true,
    listParts: true,
    readParts: true,
    endUpload: true,
    findUpload: true,
    appendPart: true,
    settleUpload: true,
  }),
  shares: methods<"shares">({
    create: true,
    list: true,
    find: true,
    members: true,
    invitationsOf: true,
    invitationsFor: true,
    invite: true,
    dropInvitation: true,
    accept: true,
    removeMember: true,
    setRole: true,
  }),
  uploads: methods<"uploads">({ put: true, find: true, drop: true }),
  maintenance: methods<"maintenance">({
    listWorkspaces: true,
    prune: true,
    releaseChunks: true,
    findUnheld: true,
    thinVersions: true,
    dropExpired: true,
    check: true,
    listHeldChunks: true,
  }),
  places: methods<"places">({
    announce: true,
    place: true,
    find: true,
    touch: true,
    markDamaged: true,
    list: true,
    removeUntouchedSince: true,
    listSparse: true,
    listPlaced: true,
    move: true,
    listForsaken: true,
    forget: true,
    statistics: true,
  }),
  jobRounds: methods<"jobRounds">({ begin: true, end: true, list: true }),
  leases: methods<"leases">({ take: true, release: true }),
  outbox: methods<"outbox">({ list: true, forget: true }),
  previews: methods<"previews">({ find: true, put: true }),
  scans: methods<"scans">({
    signaturesOf: true,
    record: true,
    markTold: true,
    holdsAny: true,
    findHeld: true,
    findBlocked: true,
    list: true,
    findFinding: true,
    countHeld: true,
    allow: true,
    beginRound: true,
  }),
  scrub: methods<"scrub">({
    findRound: true,
    saveRound: true,
    addDamaged: true,
    takeDamaged: true,
    removeDamaged: true,
    countDamaged: true,
  }),
  tasks: methods<"tasks">({
    add: true,
    take: true,
    prolong: true,
    finish: true,
    putOff: true,
    release: true,
    nextDueMs: true,
    list: true,
    counts: true,
    retry: true,
    findPosition: true,
    feed: true,
  }),
} as const satisfies Record<Section, readonly string[]>;

function methods<Name extends Section>(
  all: Record<keyof MetadataStore[Name], true>,
): readonly (keyof MetadataStore[Name] & string)[] {
  return Object.keys(all) as (keyof MetadataStore[Name] & string)[];
}
