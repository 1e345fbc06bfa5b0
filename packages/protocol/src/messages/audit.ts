import { z } from "zod";
import { timestampSchema } from "./values.ts";

/** One line of the audit log. `action` is one of a list that grows (docs/spec/security.md); `erased` for a record whose account is gone. */
export const auditRecordSchema = z
  .object({
    sequence: z.number().int(),
    at: timestampSchema,
    action: z.string(),
    /** Whom it is about. */
    account_id: z.string().nullable(),
    /** The account that did it; null for the command line and the server itself. */
    actor: z.string().nullable(),
    device_id: z.string().nullable(),
    address: z.string().nullable(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: "AuditRecord" });
export type AuditRecord = z.infer<typeof auditRecordSchema>;

/** `GET /v1/audit`, `GET /v1/admin/audit`: newest first. */
export const auditResponseSchema = z
  .object({ records: z.array(auditRecordSchema), cursor: z.string().nullable() })
  .meta({ id: "AuditPage" });
