import { createAdminCalls, type AdminCalls, type ApiClient } from "@satchel/api-client";
import { useApp } from "./app-context.ts";

const calls = new WeakMap<ApiClient, AdminCalls>();

/** What administrators do. */
export function useAdminCalls(): AdminCalls {
  const { api } = useApp();
  const known = calls.get(api) ?? api.extend(createAdminCalls);
  calls.set(api, known);
  return known;
}
