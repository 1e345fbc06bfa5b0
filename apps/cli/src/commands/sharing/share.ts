import {
  ProblemError,
  type EntryId,
  type InvitedRole,
  type ReceivedInvitation,
  type Share,
  type ShareMember,
  type ShareMembers,
  type ShareRole,
  type WorkspaceId,
} from "@satchel/protocol";
import type { Session } from "../../home/session.ts";
import { CommandError, exitCode } from "../../output/exit-code.ts";
import { formatInstant, plural, printable } from "../../output/format.ts";
import { formatTable } from "../../output/table.ts";
import { parseRemotePath } from "../../tree/remote-path.ts";
import { getEntry, getFolder } from "../../tree/remote-tree.ts";
import { withSession } from "../command-context.ts";
import type { CommandContext, OutputOptions } from "../command-context.ts";

/** `satchel share invite PATH WHO`: makes PATH a shared folder if it isn't one yet. */
export function shareInvite(
  context: CommandContext,
  path: string,
  who: string,
  options: OutputOptions & { role?: string },
): Promise<void> {
  const role = parseRole(options.role ?? "editor", ["viewer", "editor"]);
  return withSession(context, options, async (session) => {
    const { id } = await getEntry(session, parseRemotePath(path));
    const share = await session.api.createShare(id);
    await session.api.inviteToShare({ workspaceId: share.workspace_id, who, role });
    const sentence = `${printable(who)} is invited to ${printable(shownPlace(share))} as ${role}: with \`satchel share accept\` it comes to them.`;
    tell(context, options, { workspace_id: share.workspace_id, who, role }, sentence);
  });
}

/** `satchel share list` */
export function shareList(context: CommandContext, options: OutputOptions): Promise<void> {
  return withSession(context, options, async ({ api }) => {
    const { shares, invitations } = await api.shares();
    if (options.json) return context.terminal.print(JSON.stringify({ shares, invitations }));
    if (shares.length > 0) for (const line of shareLines(shares)) context.terminal.print(line);
    for (const line of invitations.map(invitationLine)) context.terminal.print(line);
    if (shares.length + invitations.length === 0)
      context.terminal.note("Nothing is shared with you, or by you: `satchel share invite PATH WHO` shares a folder.");
  });
}

function shareLines(shares: readonly Share[]): string[] {
  return formatTable(
    [
      { title: "FOLDER", value: (share: Share) => printable(shownPlace(share)) },
      { title: "ROLE", value: ({ role }: Share) => role },
      { title: "OWNER", value: ({ owner }: Share) => printable(owner) },
      { title: "MEMBERS", align: "right", value: ({ members }: Share) => String(members) },
    ] as const,
    shares,
  );
}

function invitationLine({ name, role, invited_by: by }: ReceivedInvitation): string {
  return `${printable(by)} invites you to ${printable(name)} as ${role}: \`satchel share accept ${printable(name)}\``;
}

/** `satchel share members PATH` */
export function shareMembers(context: CommandContext, path: string, options: OutputOptions): Promise<void> {
  return withSession(context, options, async (session) => {
    const listed = await readMembers(session, await getShare(session, path));
    if (options.json) return context.terminal.print(JSON.stringify(listed));
    const people = [
      ...listed.members.map(({ user, role, added }) => ({ who: user, role, since: formatInstant(added) })),
      ...listed.invitations.map(({ who, role }) => ({ who, role: `${role} (invited)`, since: "" })),
    ];
    const columns = [
      { title: "WHO", value: ({ who }: (typeof people)[number]) => printable(who) },
      { title: "ROLE", value: ({ role }: (typeof people)[number]) => role },
      { title: "SINCE", value: ({ since }: (typeof people)[number]) => since },
    ] as const;
    for (const line of formatTable(columns, people)) context.terminal.print(line);
  });
}

/** `satchel share accept NAME` */
export function shareAccept(
  context: CommandContext,
  wanted: string,
  options: OutputOptions & { to?: string },
): Promise<void> {
  return withSession(context, options, async (session) => {
    const workspaceId = await findOffer(session, wanted);
    const place = options.to === undefined ? {} : await placeOf(session, options.to);
    const share = await session.api.acceptShare({ workspaceId, ...place });
    tell(
      context,
      options,
      share,
      `The folder is at ${printable(shownPlace(share))}, and you are ${articled(share.role)} of it.`,
    );
  });
}

/** `satchel share decline NAME` */
export function shareDecline(context: CommandContext, wanted: string, options: OutputOptions): Promise<void> {
  return withSession(context, options, async (session) => {
    const workspaceId = await findOffer(session, wanted);
    await session.api.declineShare(workspaceId);
    tell(context, options, { workspace_id: workspaceId }, `The invitation to ${printable(wanted)} is declined.`);
  });
}

/** `satchel share leave PATH` */
export function shareLeave(context: CommandContext, path: string, options: OutputOptions): Promise<void> {
  return withSession(context, options, async (session) => {
    const share = await getShare(session, path);
    await session.api.leaveShare(share.workspace_id);
    const sentence = `You left ${printable(shownPlace(share))}: it goes from your devices. What wasn't synchronised stays there.`;
    tell(context, options, { workspace_id: share.workspace_id }, sentence);
  });
}

/** `satchel share revoke PATH WHO`: removes a member, or takes an invitation back. */
export function shareRevoke(context: CommandContext, path: string, who: string, options: OutputOptions): Promise<void> {
  return withSession(context, options, async (session) => {
    const share = await getShare(session, path);
    const { workspace_id: workspaceId } = share;
    const member = await findMember(session, share, who);
    if (member) await session.api.removeFromShare({ workspaceId, accountId: member.account_id });
    else await session.api.uninviteFromShare({ workspaceId, who });
    tell(
      context,
      options,
      { workspace_id: workspaceId, who },
      `${printable(who)} has ${printable(shownPlace(share))} no more.`,
    );
  });
}

/** `satchel share role PATH WHO ROLE`; `owner` hands the folder over. */
export function shareRole(
  context: CommandContext,
  { path, who, role: wanted }: { readonly path: string; readonly who: string; readonly role: string },
  options: OutputOptions,
): Promise<void> {
  const role = parseRole<ShareRole>(wanted, ["viewer", "editor", "owner"]);
  return withSession(context, options, async (session) => {
    const share = await getShare(session, path);
    const member = await findMember(session, share, who);
    if (!member) throw new ProblemError("not_found", `${who} is no member of ${shownPlace(share)}`);
    await session.api.setShareRole({ workspaceId: share.workspace_id, accountId: member.account_id, role });
    const sentence = `${printable(who)} is ${articled(role)} of ${printable(shownPlace(share))} now.`;
    tell(context, options, { workspace_id: share.workspace_id, who, role }, sentence);
  });
}

/** @throws CommandError for another word */
function parseRole<Role extends InvitedRole | ShareRole>(role: string, roles: readonly Role[]): Role {
  const found = roles.find((each) => each === role);
  if (found) return found;
  throw new CommandError(exitCode.usage, `${JSON.stringify(role)} is no role: it is one of ${roles.join(", ")}.`);
}

function articled(role: ShareRole): string {
  return role === "viewer" ? "a viewer" : role === "editor" ? "an editor" : "the owner";
}

function shownPlace({ mount_path: path, name }: Share): string {
  return path ?? `${name} (not mounted)`;
}

/** By where it is mounted, else by its name or id. @throws CommandError */
async function getShare({ api }: Session, wanted: string): Promise<Share> {
  const { shares } = await api.shares();
  const path = `/${parseRemotePath(wanted).join("/")}`;
  const found =
    shares.find(({ mount_path }) => mount_path === path) ??
    shares.find(
      ({ workspace_id, name, mount_path }) => workspace_id === wanted || (mount_path === null && name === wanted),
    );
  if (found) return found;
  throw new CommandError(
    exitCode.failed,
    `${printable(wanted)} is no shared folder: \`satchel share list\` shows them.`,
  );
}

/** An invitation, or a folder that is not mounted, by its name or id. @throws CommandError */
async function findOffer({ api }: Session, wanted: string): Promise<WorkspaceId> {
  const { shares, invitations } = await api.shares();
  const offers = [...invitations, ...shares.filter(({ mount_path }) => mount_path === null)];
  const found = offers.filter(({ workspace_id, name }) => workspace_id === wanted || name === wanted);
  const [first] = found;
  if (!first)
    throw new CommandError(
      exitCode.failed,
      `Nobody invites you to ${printable(wanted)}: \`satchel share list\` shows who does.`,
    );
  if (found.length > 1) {
    const ids = found.map(({ workspace_id }) => workspace_id).join(", ");
    throw new CommandError(
      exitCode.failed,
      `${plural(found.length, "folder")} of this name are offered: name one by its id (${ids}).`,
    );
  }
  return first.workspace_id;
}

/** Into a folder that there is, else under the name that the path ends with. */
async function placeOf(session: Session, to: string): Promise<{ parentId: EntryId; name?: string }> {
  const names = parseRemotePath(to);
  const name = names.at(-1);
  if (name === undefined) return { parentId: await getFolder(session, []) };
  return { parentId: await getFolder(session, names.slice(0, -1)), name };
}

async function findMember(session: Session, share: Share, who: string): Promise<ShareMember | undefined> {
  const { members } = await readMembers(session, share);
  return members.find(({ user }) => user.toLowerCase() === who.toLowerCase());
}

async function readMembers({ api }: Session, share: Share): Promise<Omit<ShareMembers, "cursor">> {
  const { workspace_id: workspaceId } = share;
  let page = await api.shareMembers({ workspaceId, cursor: null });
  const { invitations } = page;
  const members = [...page.members];
  while (page.cursor !== null) {
    page = await api.shareMembers({ workspaceId, cursor: page.cursor });
    members.push(...page.members);
  }
  return { members, invitations };
}

function tell({ terminal }: CommandContext, options: OutputOptions, result: object, sentence: string): void {
  if (options.json) terminal.print(JSON.stringify(result));
  else terminal.note(sentence);
}
