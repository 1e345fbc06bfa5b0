/** A page of the documentation, as it was written. */
export interface Document {
  /** Below `/docs`, with a slash in front; the first page's is empty. */
  readonly address: string;
  /** Where it comes from, relative to the folder of documents: what its own links are relative to. */
  readonly source: string;
  readonly title: string;
  readonly markdown: string;
}

/** A part of the table of contents. */
export interface Section {
  readonly title: string;
  readonly documents: readonly Document[];
}

/** All there is, in the order of the table of contents. */
export interface Documentation {
  readonly sections: readonly Section[];
  readonly byAddress: ReadonlyMap<string, Document>;
  /** By the path of the file that they come from. */
  readonly bySource: ReadonlyMap<string, Document>;
}

/** The title is the first heading; a document without one is called by its file. */
export function makeDocument(source: string, markdown: string): Document {
  const title = /^# (.+)$/m.exec(markdown)?.[1]?.replaceAll(/[`*]/g, "").trim();
  const address = source === "index.md" ? "" : `/${source.replace(/\.md$/, "")}`;
  return { address, source, title: title ?? source, markdown };
}

export function makeDocumentation(sections: readonly Section[]): Documentation {
  const all = sections.flatMap(({ documents }) => documents);
  return {
    sections,
    byAddress: new Map(all.map((document) => [document.address, document])),
    bySource: new Map(all.map((document) => [document.source, document])),
  };
}
