import type { EventSubject } from "../../../mixins/contract/contract.ts";

/** The object of an event, by which the trail can be searched. */
export interface Subject {
  readonly entity: string;
  readonly id: string | null;
}

/** Reads the subject from an event's payload, as the event contract's `about` declares. */
export function subjectOf(about: EventSubject, payload: unknown): Subject {
  const id = valueAt(payload, about.id);
  return {
    entity: "entity" in about ? about.entity : String(valueAt(payload, about.entityFrom)),
    id: typeof id === "number" ? String(id) : typeof id === "string" ? id : null,
  };
}

function valueAt(payload: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], payload);
}
