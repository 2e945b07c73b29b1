import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import { textsSnapshot } from "../../mixins/contract/texts.ts";
import type { Method } from "./domain/method.ts";
import type { Zone } from "./domain/rate-groups.ts";

export function presentZone(zone: Zone): Result<"shipping.zones.get"> {
  const { createdAt, updatedAt, areas } = zone;
  return { ...zone, areas: [...areas], createdAt: toTimestamp(createdAt), updatedAt: toTimestamp(updatedAt) };
}

export function presentMethod({ terms, ...method }: Method): Result<"shipping.methods.get"> {
  const { createdAt, updatedAt } = method;
  return { ...method, ...terms, createdAt: toTimestamp(createdAt), updatedAt: toTimestamp(updatedAt) };
}

/** Fields that are edited, for change events. */
export function zoneSnapshot({ merchantId, name, areas }: Zone) {
  return { merchantId, name, areas };
}

/** Fields that are edited, for change events. */
export function methodSnapshot(method: Method) {
  const { merchantId, zoneId, kind, name, description, texts, enabled, position, terms } = method;
  return {
    merchantId,
    zoneId,
    kind,
    name,
    description,
    enabled,
    position,
    ...terms,
    ...textsSnapshot(texts),
  };
}
