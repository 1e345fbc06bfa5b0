import { z } from "zod";
import { timestampSchema } from "./values.ts";

/** `GET /v1/admin/jobs`: what the server does without being asked. */
export const adminJobsSchema = z
  .object({
    /** Upkeep that comes round: its last round, at whichever process. */
    jobs: z.array(
      z.object({
        name: z.string(),
        /** Null before the first round. */
        began: timestampSchema.nullable(),
        /** Null while it goes on, or where the process died in its midst. */
        ended: timestampSchema.nullable(),
        next: timestampSchema.nullable(),
        /** Why the last round failed. */
        error: z.string().nullable(),
      }),
    ),
    /** By kind, those that there are any of. */
    tasks: z.array(
      z.object({
        kind: z.string(),
        waiting: z.number().int(),
        running: z.number().int(),
        given_up: z.number().int(),
      }),
    ),
    /** The newest ones, up to 100. */
    given_up: z.array(
      z.object({ kind: z.string(), attempts: z.number().int(), added: timestampSchema, error: z.string() }),
    ),
    mail: z.object({ waiting: z.number().int(), given_up: z.number().int() }),
  })
  .meta({ id: "AdminJobs" });
export type AdminJobs = z.infer<typeof adminJobsSchema>;

/** `POST /v1/admin/jobs/retry`: tasks of one kind that were given up are due again; of all kinds where it is left out. */
export const retryTasksRequestSchema = z
  .object({ kind: z.string().min(1).max(64).optional() })
  .meta({ id: "RetryTasksRequest" });
export const retryTasksResponseSchema = z.object({ count: z.number().int() }).meta({ id: "RetryTasks" });
