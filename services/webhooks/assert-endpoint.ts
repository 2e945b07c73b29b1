import type { FieldError } from "../../mixins/contract/errors.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import { checkedUrl, FetchFault, literalAddress } from "../../mixins/support/public-request.ts";
import { unknownIn } from "./domain/event-filter.ts";
import type { Destinations } from "./sending/post-event.ts";
import { mayLeadTo, protocolsOf } from "./sending/post-event.ts";
import type { WebhooksDependencies } from "./webhooks.dependencies.ts";

/**
 * Refuses URLs that cannot be sent to and filters that no event passes. Names are resolved at each attempt.
 *
 * @throws ShopError `validation-failed`
 */
export function assertEndpoint(
  { url, events }: { readonly url?: string | undefined; readonly events?: readonly string[] | undefined },
  { destinations, publicEvents }: Pick<WebhooksDependencies, "destinations" | "publicEvents">,
): void {
  const urlFault = url === undefined ? undefined : faultOf(url, destinations);
  const errors: FieldError[] =
    urlFault === undefined ? [] : [{ path: "url", code: "invalid", message: urlFault }];
  const known = [...publicEvents.keys(), "webhooks.test"];
  for (const unknown of unknownIn(events ?? [], known))
    errors.push({
      path: `events.${events?.indexOf(unknown)}`,
      code: "unknown-event",
      message: "no event has this name",
    });
  if (errors.length > 0) throw new ShopError("validation-failed", undefined, { errors });
}

function faultOf(url: string, destinations: Destinations): string | undefined {
  try {
    const { address, port } = literalAddress(checkedUrl(url, protocolsOf(destinations)));
    return mayLeadTo(destinations, port, address?.address)
      ? undefined
      : "must lead to port 443 of a public address";
  } catch (error) {
    if (error instanceof FetchFault) return error.message;
    throw error;
  }
}
