import type { IncomingMessage } from "node:http";
import { Transform } from "node:stream";
import type { Readable, TransformCallback } from "node:stream";
import type { Upload } from "../../../mixins/contract/contract.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { mediaTypeOf } from "./read-body.ts";

/** Idle timeout of an upload. */
const idleTimeoutMs = 30_000;

/** A request body streamed to a service. */
export interface IncomingUpload {
  readonly mediaType: string;
  /** Fails with a `ShopError` when the client disconnects, stalls or sends too much. */
  readonly stream: Readable;
  /** The error that ended the body, for the response. */
  fault(): ShopError | undefined;
  /** Discards the rest of the body, so the response can be sent. */
  discard(): void;
}

/**
 * Opens a request body as a stream with bounded buffering.
 *
 * @throws ShopError `unsupported-media-type`, or `payload-too-large` by the declared length
 */
export function openUpload(request: IncomingMessage, { mediaTypes, maxBytes }: Upload): IncomingUpload {
  const mediaType = mediaTypeOf(request.headers["content-type"]);
  if (
    mediaType === undefined ||
    !mediaTypes.includes(mediaType) ||
    request.headers["content-encoding"] !== undefined
  )
    throw new ShopError("unsupported-media-type", `Send ${mediaTypes.join(", ")} in UTF-8`);
  const tooLarge = () => new ShopError("payload-too-large", undefined, { limit: maxBytes });
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge();

  let size = 0;
  let fault: ShopError | undefined;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      size += chunk.length;
      if (size > maxBytes) fail(tooLarge());
      else done(null, chunk);
    },
  });
  const fail = (error: ShopError) => {
    fault ??= error;
    request.unpipe(stream);
    request.resume();
    stream.destroy(error);
  };
  const truncated = () => new ShopError("malformed-request", "The body ended prematurely");
  // The reader handles the error; after `discard` it is irrelevant.
  stream.on("error", () => undefined);
  stream.once("close", () => request.setTimeout(0));
  request.once("error", () => fail(truncated()));
  request.once("close", () => {
    if (!request.complete) fail(truncated());
  });
  request.setTimeout(idleTimeoutMs, () => {
    // While the service applies backpressure, the client is not idle.
    if (stream.writableNeedDrain) return;
    fail(new ShopError("malformed-request", "The body stalled"));
  });
  request.pipe(stream);
  return {
    mediaType,
    stream,
    fault: () => fault,
    discard: () => {
      if (!stream.readableEnded) fail(truncated());
    },
  };
}
