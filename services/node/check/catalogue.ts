import type { Severity } from "../../../mixins/database/invariant.ts";
import { dataServices, invariantsOf } from "./databases.ts";
import { sharedInvariants } from "./invariants/index.ts";
import { queueInvariants } from "./queue-findings.ts";

/** An invariant as the documentation lists it. */
export interface CatalogueEntry {
  readonly code: string;
  readonly says: string;
  /** Whose data it speaks of. */
  readonly of: string;
  readonly severity: Severity;
  readonly whenSettled: boolean;
}

/** Everything that is checked, each once. */
export async function invariantCatalogue(): Promise<CatalogueEntry[]> {
  const ofServices = await Promise.all(
    dataServices.map(async (service) =>
      (await invariantsOf(service)).map(({ code, says, severity = "violation", whenSettled = false }) => ({
        code,
        says,
        of: service as string,
        severity,
        whenSettled,
      })),
    ),
  );
  const across = sharedInvariants.map(({ code, says, severity = "violation", of }) => ({
    code,
    says,
    of: of.join(", "),
    severity,
    whenSettled: false,
  }));
  const queues = Object.values(queueInvariants).map((invariant) => ({ ...invariant, of: "queues" }));
  const byCode = new Map<string, CatalogueEntry>();
  for (const entry of [...ofServices.flat(), ...across, ...queues]) {
    const known = byCode.get(entry.code);
    byCode.set(entry.code, known ? { ...known, of: `${known.of}, ${entry.of}` } : entry);
  }
  return [...byCode.values()];
}
