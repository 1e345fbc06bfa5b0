import { z } from "zod";

/** What a program says of a file before it sends it, and what is kept of it until the file is there. */
export const announcedFileSchema = z.object({
  /** The names that lead to it from the account's root folder. */
  names: z.array(z.string()),
  sizeBytes: z.number().int(),
  /** When it was modified; when it came, if left out. */
  modified: z.string().optional(),
  /** As the program put it, to be told it again. */
  metadata: z.string(),
});
export type AnnouncedFile = z.infer<typeof announcedFileSchema>;
