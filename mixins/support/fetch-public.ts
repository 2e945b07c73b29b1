import type { IncomingMessage } from "node:http";
import type { PublicRequest } from "./public-request.ts";
import { FetchFault, requestPublic, unreachable } from "./public-request.ts";

export interface FetchOptions extends Pick<PublicRequest, "isAllowed" | "resolve"> {
  /** Milliseconds for everything, redirects and the body included. */
  readonly timeoutMs: number;
  readonly maxRedirects?: number;
}

/**
 * Fetches a URL that somebody gave, without reaching into private networks: see `requestPublic`. Each redirect
 * is checked the same way.
 *
 * @returns the body of a response with status 200, as it arrives
 * @throws FetchFault
 */
export async function* fetchPublic(url: string, options: FetchOptions): AsyncGenerator<Uint8Array> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  const response = await follow(url, options, signal);
  try {
    for await (const bytes of response) yield bytes as Uint8Array;
  } catch (error) {
    throw unreachable(error);
  } finally {
    response.destroy();
  }
}

async function follow(
  url: string,
  { maxRedirects = 3, timeoutMs: _timeoutMs, ...seams }: FetchOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const headers = { accept: "image/*", "user-agent": "ShopServer" };
  let next = url;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const response = await requestPublic(next, { ...seams, headers, signal });
    const { statusCode = 0 } = response;
    const { location } = response.headers;
    if (statusCode === 200) return response;
    response.destroy();
    if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined)
      throw new FetchFault("bad-response", `the server answered with status ${statusCode}`);
    next = URL.parse(location, next)?.href ?? "";
  }
  throw new FetchFault("bad-response", `more than ${maxRedirects} redirects`);
}
