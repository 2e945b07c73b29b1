import type { HttpAnswer } from "../support/http.ts";
import type { FuzzRequest } from "./requests.ts";

interface Repetition {
  readonly request: FuzzRequest;
  readonly answer: HttpAnswer;
  readonly faults: readonly string[];
}

/**
 * Repeats a successful request where the API promises the result: requests with an `Idempotency-Key` get the
 * same response, and unchanged resources get 304.
 *
 * @returns undefined without such a promise
 */
export async function repeat(
  request: FuzzRequest,
  first: HttpAnswer,
  send: (request: FuzzRequest) => Promise<HttpAnswer>,
): Promise<Repetition | undefined> {
  const { operation, headers } = request;
  const isKeyed = operation.parameters.some(({ name, required }) => name === "Idempotency-Key" && required);
  const etag = first.headers.get("etag");
  if (isKeyed) {
    const answer = await send(request);
    // Clients that were logged out or changed meanwhile get an error.
    if (answer.status === 401) return undefined;
    const isSame =
      answer.status === first.status &&
      answer.body === first.body &&
      answer.headers.get("idempotency-replayed") === "true";
    return {
      request,
      answer,
      faults: isSame
        ? []
        : [`sent again, it is another answer than ${first.status} ${first.body.slice(0, 200)}`],
    };
  }
  if (operation.method !== "GET" || etag === null) return undefined;
  const conditional = { ...request, headers: { ...headers, "if-none-match": etag } };
  const answer = await send(conditional);
  const isRight = answer.status === 304 ? answer.body === "" : answer.headers.get("etag") !== etag;
  return {
    request: conditional,
    answer,
    faults: isRight || answer.status >= 400 ? [] : [`the same again, though it is known as ${etag}`],
  };
}
