import type { IncomingMessage } from "node:http";
import type { PublicRequest } from "../../../mixins/support/public-request.ts";
import { isPublicAddress } from "../../../mixins/support/public-address.ts";
import { FetchFault, requestPublic, resolveByNameServer } from "../../../mixins/support/public-request.ts";
import type { Attempt } from "../domain/outcome.ts";
import { signaturesOf } from "../domain/signature.ts";

/** Time limit of an attempt, from the resolving of the name to the response's status. */
const attemptTimeoutMs = 15_000;
const maxResponseBytes = 1024;
const maxErrorLength = 200;

/** Where webhooks may lead: `public`, or `any` address, port and protocol, for development. */
export type Destinations = "public" | "any";

/** Rules of the requests to webhooks. */
export type SendingRules = Pick<PublicRequest, "protocols" | "isAllowed" | "resolve">;

interface Receiver {
  readonly url: string;
  readonly secret: string;
  readonly previousSecret: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly previousUntil: number | null;
}

interface OutgoingEvent {
  readonly id: string;
  readonly body: string;
}

export function protocolsOf(destinations: Destinations): readonly string[] {
  return destinations === "public" ? ["https:"] : ["https:", "http:"];
}

/** Whether a webhook may lead to a port; while its host is only a name, `address` is absent. */
export function mayLeadTo(destinations: Destinations, port: number, address?: string): boolean {
  return destinations === "any" || (port === 443 && (address === undefined || isPublicAddress(address)));
}

export function rulesOf(destinations: Destinations): SendingRules {
  return {
    protocols: protocolsOf(destinations),
    isAllowed: (address, port) => mayLeadTo(destinations, port, address),
    ...(destinations === "public" ? { resolve: resolveByNameServer } : {}),
  };
}

/**
 * Sends an event to a receiver once. Redirects are responses like others: they are not followed.
 *
 * @param rules of where it may lead
 * @param stop aborts the attempt, which is `undefined` then
 */
export async function postEvent(
  receiver: Receiver,
  event: OutgoingEvent,
  rules: SendingRules,
  stop?: AbortSignal,
): Promise<Attempt | undefined> {
  const at = Date.now();
  const limit = AbortSignal.timeout(attemptTimeoutMs);
  const signal = stop ? AbortSignal.any([limit, stop]) : limit;
  const durationMs = () => Date.now() - at;
  try {
    const headers = headersFor(receiver, event, at);
    const response = await requestPublic(receiver.url, {
      ...rules,
      method: "POST",
      headers,
      body: event.body,
      signal,
    });
    const answered = durationMs();
    const text = await beginningOf(response);
    return { at, durationMs: answered, status: response.statusCode ?? 0, error: null, response: text };
  } catch (error) {
    if (stop?.aborted) return undefined;
    const { message } = error as Error;
    const why = error instanceof FetchFault ? message : `cannot be sent (${message})`;
    return {
      at,
      durationMs: durationMs(),
      status: null,
      error: why.slice(0, maxErrorLength),
      response: null,
    };
  }
}

function headersFor(
  { secret, previousSecret, previousUntil }: Receiver,
  { id, body }: OutgoingEvent,
  now: number,
) {
  const timestamp = Math.floor(now / 1000);
  const isPreviousValid = previousSecret !== null && previousUntil !== null && previousUntil > now;
  const secrets = isPreviousValid ? [secret, previousSecret] : [secret];
  return {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "user-agent": "ShopServer",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signaturesOf(secrets, { id, timestamp, body }),
  };
}

/** Up to 1 kB of a body, as far as it arrives in time; the rest is not read. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      parts.push(part.subarray(0, maxResponseBytes - length));
      length += part.length;
      if (length >= maxResponseBytes) break;
    }
  } catch {
    // The status counts, whatever becomes of the body.
  } finally {
    response.destroy();
  }
  // A character that was cut in two would become a replacement of up to three bytes.
  return new TextDecoder("utf-8", { fatal: false })
    .decode(Buffer.concat(parts), { stream: true })
    .replaceAll("\u0000", "");
}
