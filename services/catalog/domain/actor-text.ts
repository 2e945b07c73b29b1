import type { Actor } from "../../contract/caller.ts";

/** An actor as the ledger names it: `user:<id>`, `system:<name>`, `operator:<name>` or `guest`. */
export function actorText(actor: Actor): string {
  return actor.id === undefined ? actor.kind : `${actor.kind}:${actor.id}`;
}
