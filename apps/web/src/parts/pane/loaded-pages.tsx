import type { ReactNode } from "react";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Loaded } from "./loaded.tsx";

interface LoadedPagesProps<Page> {
  readonly query: UseInfiniteQueryResult<InfiniteData<Page>>;
  readonly children: (pages: readonly Page[]) => ReactNode;
}

/** A list that comes in pages, with the way to the next one. */
export function LoadedPages<Page>({ query, children }: LoadedPagesProps<Page>): ReactNode {
  const { t } = useTranslation();
  const more = (): void => {
    query.fetchNextPage().catch((error: unknown) => reportError(error));
  };
  return (
    <Loaded query={query}>
      {({ pages }) => (
        <>
          {children(pages)}
          {query.hasNextPage ? (
            <p>
              <button type="button" className="button" disabled={query.isFetchingNextPage} onClick={more}>
                {t("trash.more")}
              </button>
            </p>
          ) : null}
        </>
      )}
    </Loaded>
  );
}
