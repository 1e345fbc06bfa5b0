import type { OutputOptions } from "../command-context.ts";
import type { Program } from "../client-commands.ts";
import type { LinkOptions } from "./links.ts";
import type { SharedOptions } from "../control-commands.ts";

/** Adds the commands with which a person shares folders. */
export function addShareCommands(program: Program, { withJson }: SharedOptions): void {
  const { root, context, run, add } = program;
  const share = add(root, "share", "Share folders with other people");
  withJson(add(share, "invite <path> <who>", "Invite WHO (a user name or e-mail address) to the folder PATH"))
    .option("--role <role>", "viewer or editor", "editor")
    .action(
      run(async (path: string, who: string, options: OutputOptions & { role?: string }) =>
        (await import("./share.ts")).shareInvite(context, path, who, options),
      ),
    );
  withJson(add(share, "list", "List the shared folders that you have, and your invitations")).action(
    run(async (options: OutputOptions) => (await import("./share.ts")).shareList(context, options)),
  );
  withJson(add(share, "members <path>", "List who has the shared folder PATH")).action(
    run(async (path: string, options: OutputOptions) =>
      (await import("./share.ts")).shareMembers(context, path, options),
    ),
  );
  withJson(
    add(share, "role <path> <who> <role>", "Make a member viewer or editor, or hand the folder over (owner)"),
  ).action(
    run(async (path: string, who: string, role: string, options: OutputOptions) =>
      (await import("./share.ts")).shareRole(context, { path, who, role }, options),
    ),
  );
  withJson(add(share, "revoke <path> <who>", "Remove a member, or take an invitation back")).action(
    run(async (path: string, who: string, options: OutputOptions) =>
      (await import("./share.ts")).shareRevoke(context, path, who, options),
    ),
  );
  addAnswers(program, share, withJson);
  addLinks(program, share, withJson);
}

/** Addresses for people without an account. */
function addLinks({ context, run, add }: Program, share: Program["root"], withJson: SharedOptions["withJson"]): void {
  withJson(add(share, "link <path>", "Make an address that shows PATH to whoever has it, without an account"))
    .option("--view", "show pictures, sound and video only, and offer no downloads")
    .option("--upload", "let people put files into the folder, and see nothing of it")
    .option("--password-stdin", "ask for this password, read from standard input")
    .option("--from <time>", "begin then, such as 12h or 2026-12-31T18:00:00Z")
    .option("--until <time>", "end then, such as 7d or 2026-12-31T18:00:00Z")
    .option("--downloads <count>", "end after so many downloads, or files with --upload")
    .action(
      run(async (path: string, options: LinkOptions) => (await import("./links.ts")).shareLink(context, path, options)),
    );
  withJson(add(share, "links", "List the links that you made")).action(
    run(async (options: OutputOptions) => (await import("./links.ts")).shareLinks(context, options)),
  );
  withJson(add(share, "unlink <id>", "End a link: whoever opens it finds nothing")).action(
    run(async (id: string, options: OutputOptions) => (await import("./links.ts")).shareUnlink(context, id, options)),
  );
}

/** What the invited do. */
function addAnswers({ context, run, add }: Program, share: Program["root"], withJson: SharedOptions["withJson"]): void {
  withJson(add(share, "accept <name>", "Accept an invitation; also brings a shared folder back that was put away"))
    .option("--to <path>", "where the folder is to be, such as /work/plans; default: its name, in the root folder")
    .action(
      run(async (name: string, options: OutputOptions & { to?: string }) =>
        (await import("./share.ts")).shareAccept(context, name, options),
      ),
    );
  withJson(add(share, "decline <name>", "Decline an invitation")).action(
    run(async (name: string, options: OutputOptions) =>
      (await import("./share.ts")).shareDecline(context, name, options),
    ),
  );
  withJson(add(share, "leave <path>", "Leave a shared folder: it goes from your devices")).action(
    run(async (path: string, options: OutputOptions) =>
      (await import("./share.ts")).shareLeave(context, path, options),
    ),
  );
}
