import type { Readable } from "node:stream";
import type { Context, ServiceBroker, ServiceSchema } from "moleculer";
import { ShopError } from "../services/contract/errors.ts";
import { newId } from "../services/contract/ids.ts";

/**
 * Files on their way from the node that takes them in to the action that wants them. The action fetches one piece after
 * the other, so that no node holds more of a file than a piece, however much faster it comes in than it is used.
 */

/** Where an action finds the file that came with its call. */
export interface UploadTicket {
  readonly nodeId: string;
  readonly id: string;
}

/** A fetched piece has at least so many bytes, if the file has. */
const pieceBytes = 128 * 1024;
/** Longer than a sender may be silent. */
const pieceWithinMs = 60_000;

const offered = new WeakMap<ServiceBroker, Map<string, AsyncIterator<Buffer>>>();

function offeredBy(broker: ServiceBroker): Map<string, AsyncIterator<Buffer>> {
  const known = offered.get(broker) ?? new Map<string, AsyncIterator<Buffer>>();
  offered.set(broker, known);
  return known;
}

/** Offers a file for fetching until the offer is disposed of. The node needs `uploads` among its services. */
export function offerUpload(broker: ServiceBroker, stream: Readable): { readonly ticket: UploadTicket } & Disposable {
  const ticket = { nodeId: broker.nodeID, id: newId() };
  offeredBy(broker).set(ticket.id, stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>);
  return { ticket, [Symbol.dispose]: () => offeredBy(broker).delete(ticket.id) };
}

/** Gives out what the node has offered. */
export const uploads: ServiceSchema = {
  name: "$uploads",
  actions: {
    next: {
      visibility: "public",
      /** The file's next piece in base64; null after the last one. */
      async handler(ctx: Context<{ id: string }>): Promise<string | null> {
        const file = offeredBy(ctx.broker).get(ctx.params.id);
        if (!file) throw new ShopError("unavailable", "The upload has been given up");
        const chunks: Buffer[] = [];
        for (let bytes = 0; bytes < pieceBytes; ) {
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

/** The file that came with a call, piece by piece; nothing when none did. */
export async function* receivedBody(ctx: Context<unknown, { upload?: UploadTicket }>): AsyncGenerator<Uint8Array> {
  const { upload } = ctx.meta;
  if (!upload) return;
  const options = { nodeID: upload.nodeId, timeout: pieceWithinMs };
  for (;;) {
    const piece = await ctx.call<string | null, { id: string }>("$uploads.next", { id: upload.id }, options);
    if (piece === null) return;
    yield Buffer.from(piece, "base64");
  }
}
