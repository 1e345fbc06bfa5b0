import { createAccountCalls, type AccountCalls, type ApiClient } from "@satchel/api-client";
import { useApp } from "./app-context.ts";

const calls = new WeakMap<ApiClient, AccountCalls>();

/** What people do with their own accounts: calls that the file list does not need, and is not loaded with. */
export function useAccountCalls(): AccountCalls {
  const { api } = useApp();
  const known = calls.get(api) ?? api.extend(createAccountCalls);
  calls.set(api, known);
  return known;
}
