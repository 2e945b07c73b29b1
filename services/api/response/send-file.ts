import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { FilePart } from "../../../mixins/contract/file-part.ts";
import type { GatewayRequest } from "../routing/moleculer-web.ts";

/**
 * Sends a file in chunks with backpressure, one chunk in memory. A failing chunk destroys the connection, so
 * the client cannot mistake the part for the whole.
 *
 * @param first chunk 0
 * @throws Error when the file could not be sent completely
 */
export async function sendFile(
  request: GatewayRequest,
  response: ServerResponse,
  first: FilePart,
  fetchPart: (part: number) => Promise<FilePart>,
): Promise<void> {
  const headers: OutgoingHttpHeaders = {
    "Cache-Control": "no-store",
    "Content-Type": `${first.mediaType}; charset=utf-8`,
    "Content-Disposition": `attachment; filename="${first.fileName.replace(/[^\w.-]/g, "_")}"`,
  };
  response.writeHead(200, headers);
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  try {
    await pipeline(Readable.from(contents(first, fetchPart)), response);
  } catch (error) {
    // The client has disconnected.
    if (error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE") return;
    throw error;
  }
}

async function* contents(
  first: FilePart,
  fetchPart: (part: number) => Promise<FilePart>,
): AsyncGenerator<Buffer> {
  yield Buffer.from(first.content);
  for (let part = 1; part < first.parts; part += 1) yield Buffer.from((await fetchPart(part)).content);
}
