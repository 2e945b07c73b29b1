import type { IncomingMessage, ServerResponse } from "node:http";

/** Remainders up to this size are read to the end, and the connection stays open. */
const maxDrainedBytes = 64 * 1024;
/**
 * Lingering close: the remaining body is read and discarded for this long, so that the client receives the
 * response.
 */
const lingerMs = 1000;

/** True when the response starts before the body has arrived completely. */
export function isBodyPending({ complete, headers }: IncomingMessage): boolean {
  return (
    !complete && (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0)
  );
}

/** The `Connection` header of a response to such a request. */
export function connectionHeader(request: IncomingMessage): { readonly Connection?: "close" } {
  return isBodyPending(request) && isLarge(request) ? { Connection: "close" } : {};
}

/**
 * Ends a response begun with `connectionHeader` and drains the request's body. The connection stays open if a
 * small body arrives completely within the linger time; otherwise it is closed.
 */
export function drainRequest(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: string | Buffer,
): void {
  if (!isBodyPending(request)) {
    response.end(bytes);
    return;
  }
  const closesConnection = isLarge(request);
  if (closesConnection) response.write(bytes);
  else response.end(bytes);
  const finish = () => {
    clearTimeout(timer);
    if (closesConnection) response.end();
    else if (!request.complete) request.destroy();
  };
  const timer = setTimeout(finish, lingerMs).unref();
  request.once("end", finish).once("close", finish);
  request.resume();
}

function isLarge({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > maxDrainedBytes;
}
