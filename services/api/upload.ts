import type { IncomingMessage } from "node:http";
import { Transform } from "node:stream";
import type { Readable, TransformCallback } from "node:stream";
import type { Upload } from "../contract/contract.ts";
import { ShopError } from "../contract/errors.ts";
import { mediaTypeOf } from "./body.ts";

/** A sender that is silent for longer has gone away. */
const silenceMs = 30_000;

/** A body on its way to a service. */
export interface Incoming {
  readonly mediaType: string;
  /** Ends with a `ShopError` when the sender goes away, falls silent or sends too much. */
  readonly stream: Readable;
  /** What the body ended with, if with an error: it is what the sender should hear. */
  fault(): ShopError | undefined;
  /** Nobody reads any further: what still comes is dropped, so that the answer can be sent. */
  abandon(): void;
}

/**
 * Takes a body in as a stream that holds no more of it than what is on its way.
 *
 * @throws ShopError `unsupported-media-type`, or `payload-too-large` when the request says so itself
 */
export function openUpload(request: IncomingMessage, { mediaTypes, maxBytes }: Upload): Incoming {
  const mediaType = mediaTypeOf(request.headers["content-type"]);
  if (mediaType === undefined || !mediaTypes.includes(mediaType) || request.headers["content-encoding"] !== undefined)
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
  const cutOff = () => new ShopError("malformed-request", "The body ended before it was complete");
  // Whoever reads it hears of the error; when nobody does any more, it is of no interest.
  stream.on("error", () => undefined);
  stream.once("close", () => request.setTimeout(0));
  request.once("error", () => fail(cutOff()));
  request.once("close", () => {
    if (!request.complete) fail(cutOff());
  });
  request.setTimeout(silenceMs, () => {
    // A service that is slow to take it is no fault of the sender's.
    if (stream.writableNeedDrain) return;
    fail(new ShopError("malformed-request", "The body did not go on"));
  });
  request.pipe(stream);
  return {
    mediaType,
    stream,
    fault: () => fault,
    abandon: () => {
      if (!stream.readableEnded) fail(cutOff());
    },
  };
}
