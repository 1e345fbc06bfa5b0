import { z } from "zod";
import { entryIdSchema, versionIdSchema } from "../ids/ids.ts";

/** Where live sessions are joined: a WebSocket. */
export const livePath = "/v1/live";
/** The subprotocol of that socket; see `bearerProtocol` for the token. */
export const liveProtocol = "satchel.live.v1";

/** The largest text that is edited live, in bytes of UTF-8. As much as devices merge by themselves. */
export const maxLiveBytes = 256 * 1024;
/** The largest message on that socket. */
export const maxLiveMessageBytes = 2 * 1024 * 1024;

/** The first number of each message: what follows. Numbers and byte strings are those of lib0, as in the protocol of Yjs. */
export const liveMessages = {
  /** {@link liveSteps}, and a byte string: a state vector for `ask`, an update for the others. */
  document: 0,
  /** Who is there and where their cursor is: an awareness update of `y-protocols`. */
  awareness: 1,
  /** Server only: {@link liveStateSchema} as JSON. */
  state: 2,
  /** Server only: so many of this connection's updates, counted from its start, are kept for good. */
  kept: 3,
} as const;

export const liveSteps = { ask: 0, answer: 1, update: 2 } as const;

/** Codes that a live socket is closed with, beside those of notifications (4401, 4403). */
export const liveCloseCodes = {
  loginEnded: 4401,
  rightsChanged: 4403,
  /** The file is gone; what was typed and in no version yet is in a new file beside it. */
  fileGone: 4404,
  /** Another session than the caller's: its edits are to be carried over by text. */
  otherSession: 4409,
  /** Too much text, or too large a message. */
  tooLarge: 4413,
  /** The file is no text any more. */
  notText: 4415,
} as const;

export const liveQuerySchema = z.object({
  file_id: entryIdSchema,
  /** The session that the caller's document comes from; left out by whoever has none. */
  session: z.string().max(64).optional(),
});

/** What everybody in a session is told: first of all, and whenever it changed. */
export const liveStateSchema = z
  .object({
    session: z.string(),
    can_write: z.boolean(),
    /** The version that holds all or part of the text. */
    version_id: versionIdSchema,
    /** Whether that version is the text. */
    saved: z.boolean(),
    /** Why no version could be written, if that is so: the code of a problem. It is tried again. */
    problem: z.string().nullable(),
  })
  .meta({ id: "LiveState" });
export type LiveState = z.infer<typeof liveStateSchema>;
