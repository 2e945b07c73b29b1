import { z } from "zod";

/** One part of a file that is downloaded. */
export const filePart = z.strictObject({
  /** Only the first part's counts. */
  mediaType: z.string(),
  fileName: z.string(),
  content: z.string(),
  /** How many parts the file has. */
  parts: z.int(),
});

export type FilePart = z.output<typeof filePart>;
