import { z } from "zod";
import { entryIdSchema, workspaceIdSchema } from "../ids/ids.ts";
import { fileKindSchema } from "../names/file-kind.ts";
import { listedEntrySchema } from "./entry.ts";
import { folderReferenceSchema } from "./files.ts";
import { fileSizeSchema, timestampSchema } from "./values.ts";

/** The longest text that is searched for, in UTF-16 units. */
export const maxSearchTextLength = 200;
/** The most results of one answer. */
export const maxResultsPerPage = 100;

/** A comma list of kinds, such as `image,video`. */
const kindListSchema = z
  .string()
  .max(200)
  .transform((text) => text.split(","))
  .pipe(z.array(fileKindSchema));
const wholeNumberSchema = z.coerce.number().pipe(fileSizeSchema);

/** What narrows a search. */
export const searchFiltersSchema = z.object({
  kind: kindListSchema.optional(),
  min_size: wholeNumberSchema.optional(),
  max_size: wholeNumberSchema.optional(),
  /** When the content was last modified, both ends included; folders have no such time. */
  modified_after: timestampSchema.optional(),
  modified_before: timestampSchema.optional(),
  /** Only what lies in this folder, at any depth. */
  folder_id: folderReferenceSchema.optional(),
  /** The name of the account whose folder it is. */
  owner: z.string().max(256).optional(),
  /** Only what is in shared folders, or only what isn't. */
  shared: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional(),
});

/** `GET /v1/search?q=`: the caller's files and folders by name and by what is in files. `q` may be left out where a filter is given. */
export const searchQuerySchema = searchFiltersSchema.extend({
  q: z.string().max(maxSearchTextLength).optional(),
  cursor: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(maxResultsPerPage).optional(),
});

/** Best first: the whole name; its beginning; beginnings of words; parts of words; words with a slip of the pen; `content`: not the name, but what is in the file. `any` when no words were searched for. */
export const searchMatchSchema = z.enum(["whole", "beginning", "words", "parts", "similar", "content", "any"]);
export type SearchMatch = z.infer<typeof searchMatchSchema>;

const foundRangeSchema = z.tuple([z.number().int(), z.number().int()]);

export const searchResultSchema = listedEntrySchema
  .extend({
    /** From the caller's root folder, through mounts; from the workspace's where it isn't mounted. */
    path: z.string(),
    parent_folder_id: entryIdSchema.nullable(),
    workspace_id: workspaceIdSchema,
    kind: fileKindSchema,
    /** In a shared folder. */
    shared: z.boolean(),
    match: searchMatchSchema,
    /** Which parts of `name` were found, as pairs of UTF-16 offsets, in order and apart. */
    found: z.array(foundRangeSchema),
    /** Of what is in the file, the place where the words stand closest together: plain text, never markup. Null unless `match` is `content`. */
    snippet: z.object({ text: z.string(), found: z.array(foundRangeSchema) }).nullable(),
  })
  .meta({ id: "SearchResult" });
export type SearchResult = z.infer<typeof searchResultSchema>;

export const searchResponseSchema = z
  .object({
    results: z.array(searchResultSchema),
    /** For the next page, which may be the last and empty; null at the end. */
    cursor: z.string().nullable(),
    /** False while many changes are still to be indexed: something that is there may not be found yet. */
    complete: z.boolean(),
  })
  .meta({ id: "SearchResults" });
export type SearchResponse = z.infer<typeof searchResponseSchema>;
