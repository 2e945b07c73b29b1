import { z } from "zod";

/** One part of a downloaded file. */
export const filePart = z.strictObject({
  /** Clients get the first part's. */
  mediaType: z.string(),
  fileName: z.string(),
  content: z.string(),
  /** Number of parts in the file. */
  parts: z.int(),
});

export type FilePart = z.output<typeof filePart>;
