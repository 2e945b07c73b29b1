import { z } from "zod";

/** A document as an answer, in the media type that was asked for. */
export const document = z.strictObject({
  mediaType: z.string(),
  fileName: z.string(),
  content: z.base64(),
});

export type Document = z.output<typeof document>;
