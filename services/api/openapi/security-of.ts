import type { ActionContract } from "../../../mixins/contract/contract.ts";
import type { Endpoint } from "../routing/endpoints.ts";
import type { JsonObject } from "./json-schemas.ts";

/** The credentials that a route accepts, as alternatives. */
export function securityOf({ contract, route }: Endpoint): JsonObject[] {
  if (route.ignoresToken) return [];
  if (contract.access === "anyone" || contract.access === "shopper") return [{}, { bearer: [] }];
  return [
    { bearer: [] },
    ...(acceptsApiKeys(contract) ? [{ apiKey: [] }] : []),
    ...(acceptsOrderTokens(contract) ? [{ orderToken: [] }] : []),
  ];
}

/** API keys authenticate machines: they carry permissions only and cannot re-authenticate. */
function acceptsApiKeys({ access, stepUp = false }: ActionContract): boolean {
  const isForUsers = access === "signed-in" || (typeof access === "object" && "buyerOf" in access);
  return !isForUsers && !stepUp;
}

function acceptsOrderTokens({ access }: ActionContract): boolean {
  return (
    typeof access === "object" && ("buyerOf" in access || ("ownerOr" in access && "orderToken" in access))
  );
}
