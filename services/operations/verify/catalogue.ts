import type { Severity } from "../../../mixins/database/invariant.ts";
import type { Shop } from "./databases.ts";
import { crossServiceInvariants } from "./invariants/index.ts";
import { queueInvariants } from "./queue-findings.ts";

/** An invariant as documented. */
export interface CatalogueEntry {
  readonly code: string;
  readonly says: string;
  /** Services whose data it covers. */
  readonly of: string;
  readonly severity: Severity;
  readonly whenSettled: boolean;
}

/** All invariants, each once. */
export function invariantCatalogue(shop: Shop): CatalogueEntry[] {
  const ofServices = shop.services.flatMap(({ name, invariants }) =>
    invariants.map(({ code, says, severity = "violation", whenSettled = false }) => ({
      code,
      says,
      of: name,
      severity,
      whenSettled,
    })),
  );
  const across = crossServiceInvariants(shop).map(({ code, says, severity = "violation", of }) => ({
    code,
    says,
    of: of.join(", ") || "all",
    severity,
    whenSettled: false,
  }));
  const queues = Object.values(queueInvariants).map((invariant) => ({ ...invariant, of: "queues" }));
  const byCode = new Map<string, CatalogueEntry>();
  for (const entry of [...ofServices, ...across, ...queues]) {
    const known = byCode.get(entry.code);
    byCode.set(entry.code, known ? { ...known, of: `${known.of}, ${entry.of}` } : entry);
  }
  return [...byCode.values()];
}
