import type { RandomBytes } from "../commit/change-set.ts";
import type { ShareStore } from "../share-store.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import { dropInvitation, invitationsFor, invitationsOf, invite } from "./invitations.ts";
import { accept, removeFromShare, setShareRole } from "./membership.ts";
import { shareFolder } from "./share-folder.ts";
import { findShare, listMembers, listShares } from "./shares.ts";

export function shareStore(database: SqlDatabase, randomBytes: RandomBytes): ShareStore {
  return {
    create: (request) => database.transaction((session) => shareFolder(session, request, randomBytes)),
    list: (accountId) => database.read((session) => listShares(session, accountId)),
    find: (workspaceId, accountId) => database.read((session) => findShare(session, workspaceId, accountId)),
    members: (query) => database.read((session) => listMembers(session, query)),
    invitationsOf: (workspaceId) => database.read((session) => invitationsOf(session, workspaceId)),
    invitationsFor: (keys) => database.read((session) => invitationsFor(session, keys)),
    invite: (invitation) => database.transaction((session) => invite(session, invitation)),
    dropInvitation: (workspaceId, keys) =>
      database.transaction((session) => dropInvitation(session, workspaceId, keys)),
    accept: (request) => database.transaction((session) => accept(session, request, randomBytes)),
    removeMember: (request) => database.transaction((session) => removeFromShare(session, request, randomBytes)),
    setRole: (request) => database.transaction((session) => setShareRole(session, request)),
  };
}
