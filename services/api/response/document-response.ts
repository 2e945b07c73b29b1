import type { Document } from "../../../mixins/contract/document.ts";
import type { ApiResponse } from "./respond.ts";
import { entityTag } from "./respond.ts";

/** A document may use inline styles only: no scripts, frames, requests or rights of this origin. */
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/** Builds the HTTP response of a document: browsers display it, with a file name for saving. */
export function documentResponse({ mediaType, fileName, content }: Document): ApiResponse {
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
