import type { Document } from "../contract/document.ts";
import type { Answer } from "./respond.ts";
import { entityTag } from "./respond.ts";

/** A page may have a style of its own and nothing else: no scripts, no frames, nothing fetched, no rights of this origin. */
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/** A document as HTTP has it: shown by a browser rather than saved, under a name should it be saved. */
export function documentAnswer({ mediaType, fileName, content }: Document): Answer {
  const bytes = Buffer.from(content, "base64");
  const etag = entityTag(bytes);
  const isText = mediaType.startsWith("text/");
  return {
    status: 200,
    headers: {
      "Cache-Control": "no-store",
      Vary: "Accept, Authorization",
      ETag: etag,
      "Content-Disposition": `inline; filename="${fileName.replace(/[^\w.-]/g, "_")}"`,
      ...(mediaType === "text/html" ? { "Content-Security-Policy": pagePolicy } : {}),
    },
    bytes,
    contentType: isText ? `${mediaType}; charset=utf-8` : mediaType,
    etag,
  };
}
