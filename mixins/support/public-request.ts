import type { LookupAddress } from "node:dns";
import { lookup, Resolver } from "node:dns/promises";
import type { IncomingMessage, OutgoingHttpHeaders, RequestOptions } from "node:http";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { isPublicAddress } from "./public-address.ts";

/** Why a URL could not be requested, for those who gave it. */
export class FetchFault extends Error {
  override name = "FetchFault";
  readonly code: "invalid-url" | "forbidden-address" | "unreachable" | "bad-response";

  constructor(code: FetchFault["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** Finds the addresses of a host's name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export interface PublicRequest {
  readonly method?: "GET" | "POST";
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
  /** Ends everything, the resolving of the name and the response's body included. */
  readonly signal: AbortSignal;
  readonly protocols?: readonly string[];
  /** For tests and development; by default public addresses at the ports of the web. */
  readonly isAllowed?: (address: string, port: number) => boolean;
  readonly resolve?: Resolve;
}

/**
 * Requests a URL that somebody gave, without reaching into private networks: its host is resolved, every
 * address is checked, and the connection goes to the checked one. Redirects are returned, not followed.
 *
 * @throws FetchFault
 */
export async function requestPublic(
  url: string,
  {
    protocols = ["http:", "https:"],
    isAllowed = isPublicWeb,
    resolve = resolveBySystem,
    ...request
  }: PublicRequest,
): Promise<IncomingMessage> {
  const target = checkedUrl(url, protocols);
  const address = await beforeAbort(allowedAddress(target, isAllowed, resolve), request.signal);
  return send(target, address, request);
}

/** Other ports lead to services that do not expect requests from the web, also on this machine's own address. */
export function isPublicWeb(address: string, port: number): boolean {
  return isPublicAddress(address) && (port === 80 || port === 443);
}

/** @throws FetchFault `invalid-url` */
export function checkedUrl(text: string, protocols: readonly string[]): URL {
  const url = URL.parse(text);
  if (!url || !protocols.includes(url.protocol))
    throw new FetchFault(
      "invalid-url",
      `must be an ${protocols.map((name) => name.slice(0, -1)).join(" or ")} URL`,
    );
  if (url.username !== "" || url.password !== "")
    throw new FetchFault("invalid-url", "must not have a user name or password");
  return url;
}

/** The address that a URL's host is, with the port to connect to; undefined for a name. */
export function literalAddress({ hostname, port, protocol }: URL) {
  const address = hostname.replace(/^\[|\]$/g, "");
  const family = isIP(address);
  const usedPort = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
  return { address: family === 0 ? undefined : { address, family }, host: address, port: usedPort };
}

/** One forbidden address among several refuses the host: which of them is used would be for it to choose. */
async function allowedAddress(
  url: URL,
  isAllowed: (address: string, port: number) => boolean,
  resolve: Resolve,
): Promise<LookupAddress> {
  const { address: literal, host, port } = literalAddress(url);
  const addresses = literal
    ? [literal]
    : await resolve(host).catch((error: unknown) => Promise.reject(unreachable(error)));
  if (!addresses.every(({ address }) => isAllowed(address, port)))
    throw new FetchFault("forbidden-address", "leads to a private address or an unusual port");
  const [first] = addresses;
  if (!first) throw new FetchFault("unreachable", "the host has no address");
  return first;
}

async function resolveBySystem(host: string): Promise<readonly LookupAddress[]> {
  return lookup(host, { all: true });
}

/**
 * Asks name servers without a thread of the process, so that names which are slow to resolve delay no others.
 * Knows neither local names nor search domains.
 */
export async function resolveByNameServer(host: string): Promise<readonly LookupAddress[]> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = found.flatMap((result, index) =>
    result.status === "fulfilled"
      ? result.value.map((address) => ({ address, family: index === 0 ? 4 : 6 }))
      : [],
  );
  const failed = found.find((result) => result.status === "rejected");
  if (addresses.length === 0 && failed) throw failed.reason;
  return addresses;
}

/** The host's name is used for TLS and the `Host` header; the connection goes to the address. */
function send(
  url: URL,
  { address, family }: LookupAddress,
  { method = "GET", headers, body, signal }: Pick<PublicRequest, "method" | "headers" | "body" | "signal">,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    agent: false,
    method,
    signal,
    headers,
    lookup: (_host, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family)),
  };
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, options, resolve)
      .on("error", (error) => reject(unreachable(error)))
      .end(body);
  });
}

async function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(unreachable(signal.reason));
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

export function unreachable(error: unknown): FetchFault {
  if (error instanceof FetchFault) return error;
  const { code = "", name } = error as NodeJS.ErrnoException;
  const isLate = name === "AbortError" || name === "TimeoutError" || code === "ABORT_ERR";
  return new FetchFault("unreachable", isLate ? "took too long" : `cannot be reached (${code || name})`);
}
