import { z } from "zod";

/** A document in the negotiated media type. */
export const document = z.strictObject({
  mediaType: z.string(),
  fileName: z.string(),
  content: z.base64(),
});

export type Document = z.output<typeof document>;
