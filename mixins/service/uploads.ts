import type { Readable } from "node:stream";
import type { Context, ServiceBroker, ServiceSchema } from "moleculer";
import { ShopError } from "../contract/errors.ts";
import { newId } from "../contract/ids.ts";

/**
 * Uploads, from the receiving gateway to the action's node. The action pulls one chunk after the other, so
 * that no node buffers more than a chunk.
 */

/** Reference to the file uploaded with a call. */
export interface UploadTicket {
  readonly nodeId: string;
  readonly id: string;
}

/** Minimum size of a chunk, except the last. */
const minChunkBytes = 128 * 1024;
/** Longer than the gateway's limit for a stalled client. */
const chunkTimeoutMs = 60_000;

const offered = new WeakMap<ServiceBroker, Map<string, AsyncIterator<Buffer>>>();

function offeredBy(broker: ServiceBroker): Map<string, AsyncIterator<Buffer>> {
  const known = offered.get(broker) ?? new Map<string, AsyncIterator<Buffer>>();
  offered.set(broker, known);
  return known;
}

/** Offers a file for pulling until disposed. The node must run the `uploads` service. */
export function offerUpload(
  broker: ServiceBroker,
  stream: Readable,
): { readonly ticket: UploadTicket } & Disposable {
  const ticket = { nodeId: broker.nodeID, id: newId() };
  offeredBy(broker).set(ticket.id, stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>);
  return { ticket, [Symbol.dispose]: () => offeredBy(broker).delete(ticket.id) };
}

/** Serves the files that this node offers. */
export const uploads: ServiceSchema = {
  name: "$uploads",
  actions: {
    next: {
      visibility: "public",
      /** The next chunk in base64; null at the end. */
      async handler(ctx: Context<{ id: string }>): Promise<string | null> {
        const file = offeredBy(ctx.broker).get(ctx.params.id);
        if (!file) throw new ShopError("unavailable", "The upload was aborted");
        const chunks: Buffer[] = [];
        for (let bytes = 0; bytes < minChunkBytes;) {
          const next = await file.next();
          if (next.done) break;
          chunks.push(next.value);
          bytes += next.value.length;
        }
        return chunks.length > 0 ? Buffer.concat(chunks).toString("base64") : null;
      },
    },
  },
};

/** The file uploaded with a call, chunk by chunk; empty without one. */
export async function* uploadedBody(
  ctx: Context<unknown, { upload?: UploadTicket }>,
): AsyncGenerator<Uint8Array> {
  const { upload } = ctx.meta;
  if (!upload) return;
  const options = { nodeID: upload.nodeId, timeout: chunkTimeoutMs };
  for (;;) {
    const chunk = await ctx.call<string | null, { id: string }>("$uploads.next", { id: upload.id }, options);
    if (chunk === null) return;
    yield Buffer.from(chunk, "base64");
  }
}
