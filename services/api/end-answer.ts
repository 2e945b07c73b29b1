import type { IncomingMessage, ServerResponse } from "node:http";

/** What is left of a body no larger than this is read, and the connection goes on. */
const smallBytes = 64 * 1024;
/** For so long what still comes is read and dropped, so that its sender sees the answer. */
const lingerMs = 1000;

/** Whether a request is answered while its body, or the end of it, has not been read. */
export function isArriving({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0);
}

/** What an answer to such a request must tell: whether the connection goes on after it. */
export function closing(request: IncomingMessage): { readonly Connection?: "close" } {
  return isArriving(request) && isLarge(request) ? { Connection: "close" } : {};
}

/**
 * Ends an answer that was begun with `closing`, and lets go of the rest of the request: it is read for a moment, and when
 * it was a small one that has come to its end the connection goes on. Otherwise it is closed, whatever its sender
 * still wants to send.
 */
export function endAnswer(request: IncomingMessage, response: ServerResponse, bytes: string | Buffer): void {
  if (!isArriving(request)) {
    response.end(bytes);
    return;
  }
  const isCutOff = isLarge(request);
  if (isCutOff) response.write(bytes);
  else response.end(bytes);
  const letGo = () => {
    clearTimeout(timer);
    if (isCutOff) response.end();
    else if (!request.complete) request.destroy();
  };
  const timer = setTimeout(letGo, lingerMs).unref();
  request.once("end", letGo).once("close", letGo);
  request.resume();
}

function isLarge({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > smallBytes;
}
