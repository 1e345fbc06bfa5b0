import { z } from "zod";
import { timestampSchema } from "./values.ts";

/** `GET /v1/account/sign_in`: by what the account is entered. The secrets themselves are shown nowhere. */
export const signInWaysSchema = z
  .object({
    email: z.string(),
    email_confirmed: z.boolean(),
    has_password: z.boolean(),
    /** An authenticator app asks for a code after the password. */
    authenticator_app: z.boolean(),
    recovery_codes_left: z.number().int(),
    passkeys: z.array(z.object({ name: z.string(), created: timestampSchema, last_used: timestampSchema.nullable() })),
    /** Accounts with another provider that are linked. */
    linked: z.array(z.object({ label: z.string(), issuer: z.string() })),
  })
  .meta({ id: "SignInWays" });
export type SignInWays = z.infer<typeof signInWaysSchema>;

/** The id of a browser in `GET /v1/browsers`. */
export const browserIdSchema = z.string().min(1).max(128);

/** `GET /v1/browsers`: where somebody is signed in on the server's own pages, the last seen first; `DELETE /v1/browsers/{id}` ends one. */
export const browsersResponseSchema = z
  .object({
    browsers: z.array(
      z.object({
        browser_id: browserIdSchema,
        name: z.string(),
        created: timestampSchema,
        last_seen: timestampSchema,
      }),
    ),
  })
  .meta({ id: "Browsers" });
export type SignedInBrowser = z.infer<typeof browsersResponseSchema>["browsers"][number];
