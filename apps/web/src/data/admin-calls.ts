import { createAdminCalls } from "@satchel/api-client";
import { callsHook } from "./calls-hook.ts";

/** What administrators do. */
export const useAdminCalls = callsHook((api) => api.extend(createAdminCalls));
