import type { Params } from "../../mixins/contract/calls.ts";
import type { AuditFilter } from "./data/audit-repository.ts";

type Given = Pick<Params<"audit.list">, "type" | "actorId" | "entity" | "entityId" | "from" | "before">;

/** Converts the API's filter to the repository's, with times in milliseconds. */
export function filterOf({ type, actorId, entity, entityId, from, before }: Given): AuditFilter {
  return { type, actorId, entity, entityId, from: moment(from), before: moment(before) };
}

function moment(timestamp: string | undefined): number | undefined {
  return timestamp === undefined ? undefined : Date.parse(timestamp);
}
