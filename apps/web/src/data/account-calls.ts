import { createAccountCalls } from "@satchel/api-client";
import { callsHook } from "./calls-hook.ts";

/** What people do with their own accounts. */
export const useAccountCalls = callsHook((api) => api.extend(createAccountCalls));
