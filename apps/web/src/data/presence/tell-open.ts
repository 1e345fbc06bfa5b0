import { createPresenceCalls, type ApiClient } from "@satchel/api-client";
import { presenceRepeatMs, type OpenFile } from "@satchel/protocol";

/** What this window has open: a preview, or an editor over it. */
const open = new Set<OpenFile>();
let timer: ReturnType<typeof setInterval> | undefined;
/** One request at a time: of two on the way at once, the older could be heard last. Whoever looks through pictures says only where they are by then. */
let saying: Promise<void> | undefined;
let isNews = false;

/** A request without an end must not keep the next ones. */
const sayWithin = () => ({ signal: AbortSignal.timeout(presenceRepeatMs) });

interface Told {
  readonly client: string;
  readonly fileId: OpenFile["file_id"];
  readonly doing: OpenFile["doing"];
}

/** Says that the file is open here, again and again, until what is returned is called. Nothing depends on it: what can't be told is not. */
export function tellOpen(api: Pick<ApiClient, "extend">, { client, fileId, doing }: Told): () => void {
  const calls = api.extend(createPresenceCalls);
  const sayAll = async (): Promise<void> => {
    while (isNews) {
      isNews = false;
      await calls.reportPresence({ client, open: [...open] }, sayWithin()).catch(() => undefined);
    }
    saying = undefined;
  };
  const say = (): void => {
    isNews = true;
    saying ??= sayAll();
  };
  const file = { file_id: fileId, doing };
  open.add(file);
  say();
  clearInterval(timer);
  timer = setInterval(say, presenceRepeatMs);
  return () => {
    open.delete(file);
    say();
    if (open.size === 0) clearInterval(timer);
  };
}
