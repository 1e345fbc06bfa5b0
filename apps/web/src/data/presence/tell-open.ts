import { createPresenceCalls, type ApiClient } from "@satchel/api-client";
import { presenceLeaseMs, type OpenFile } from "@satchel/protocol";

/** Well before what was said is forgotten. */
const repeatMs = presenceLeaseMs / 3;

/** What this window has open: a preview, or an editor over it. */
const open = new Set<OpenFile>();
let timer: ReturnType<typeof setInterval> | undefined;

interface Told {
  readonly client: string;
  readonly fileId: OpenFile["file_id"];
  readonly doing: OpenFile["doing"];
}

/** Says that the file is open here, again and again, until what is returned is called. Nothing depends on it: what can't be told is not. */
export function tellOpen(api: Pick<ApiClient, "extend">, { client, fileId, doing }: Told): () => void {
  const calls = api.extend(createPresenceCalls);
  const say = (): void => {
    calls.reportPresence({ client, open: [...open] }).catch(() => undefined);
  };
  const file = { file_id: fileId, doing };
  open.add(file);
  say();
  clearInterval(timer);
  timer = setInterval(say, repeatMs);
  return () => {
    open.delete(file);
    say();
    if (open.size === 0) clearInterval(timer);
  };
}
