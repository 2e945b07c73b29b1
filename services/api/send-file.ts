import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { FilePart } from "../contract/file-part.ts";
import type { GatewayRequest } from "./moleculer-web.ts";

/**
 * Sends a file as fast as the client takes it, with one part of it in memory. When a part cannot be had, the connection is
 * cut, so that the client does not take what it got for the whole.
 *
 * @param first the part 0
 * @throws Error when the file could not be sent to its end
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
    // The client has left.
    if (error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE") return;
    throw error;
  }
}

async function* contents(first: FilePart, fetchPart: (part: number) => Promise<FilePart>): AsyncGenerator<Buffer> {
  yield Buffer.from(first.content);
  for (let part = 1; part < first.parts; part += 1) yield Buffer.from((await fetchPart(part)).content);
}
