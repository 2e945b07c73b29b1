import { Counts } from "../../mixins/observability/metrics/counts.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { ErrorCode } from "../../mixins/contract/errors.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type {
  SecurityEventKind,
  SecurityReport,
  SecuritySample,
} from "../../mixins/contract/security-events.ts";
import { securityEventKinds } from "../../mixins/contract/security-events.ts";
import { ForgedCredentials } from "./request/authentication.ts";
import type { Endpoint } from "./routing/endpoints.ts";

/** Reporting interval per kind, for the log and the audit trail, in milliseconds. */
const logIntervalMs = 10_000;
const reportIntervalMs = 15 * 60_000;

const kindOf: Partial<Record<ErrorCode, SecurityEventKind>> = {
  "invalid-credentials": "wrong-secret",
  "invalid-second-factor": "wrong-secret",
  "invalid-refresh-token": "wrong-secret",
  forbidden: "forbidden",
  "invalid-signature": "forged-signature",
};

/** Classifies a rejected request; undefined for errors that ordinary clients cause too. */
export function securityEventOf(
  error: unknown,
  endpoint: Endpoint,
  caller: Caller | undefined,
): SecurityEventKind | undefined {
  if (error instanceof ForgedCredentials) return "forged-credentials";
  if (!isShopError(error)) return undefined;
  if (error.type === "too-many-requests" && endpoint.route.guesses !== undefined) return "guessing";
  // A public resource may be gone while links to it remain.
  if (
    error.type === "not-found" &&
    endpoint.contract.access !== "anyone" &&
    endpoint.fromPath.length > 0 &&
    (caller?.kind === "user" || caller?.kind === "order")
  )
    return "unknown-id";
  return kindOf[error.type];
}

interface Sinks {
  readonly log: (report: SecurityReport) => void;
  /** Rejects when the report cannot be delivered now; it is retried later. */
  readonly report: (report: SecurityReport) => Promise<unknown>;
}

/**
 * Counts rejected attacks and reports them without flooding the log or the audit trail: the first of a kind
 * at once, later ones as a sum with one sample.
 */
export class SecurityEvents {
  readonly counts = new Counts<SecurityEventKind>(securityEventKinds);
  readonly #summaries: Readonly<Record<SecurityEventKind, readonly Summary[]>>;

  constructor(nodeId: string, { log, report }: Sinks) {
    const summaries = (kind: SecurityEventKind) => [
      new Summary({ kind, nodeId }, logIntervalMs, (sum) => Promise.resolve(log(sum))),
      // The audit trail records wrong passwords one by one, each with its account.
      ...(kind === "wrong-secret" ? [] : [new Summary({ kind, nodeId }, reportIntervalMs, report)]),
    ];
    this.#summaries = Object.fromEntries(securityEventKinds.map((kind) => [kind, summaries(kind)])) as Record<
      SecurityEventKind,
      Summary[]
    >;
  }

  record(kind: SecurityEventKind, sample: SecuritySample): void {
    this.counts.add(kind);
    for (const summary of this.#summaries[kind]) summary.add(sample);
  }

  /** Reports pending counts, as far as possible. */
  async stop(): Promise<void> {
    await Promise.all(Object.values(this.#summaries).flatMap((its) => its.map((summary) => summary.stop())));
  }
}

class Summary {
  readonly #about: Pick<SecurityReport, "kind" | "nodeId">;
  readonly #intervalMs: number;
  readonly #send: (report: SecurityReport) => Promise<unknown>;
  /** Count not yet reported. */
  #pending: { count: number; readonly from: number; readonly sample: SecuritySample } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    about: Pick<SecurityReport, "kind" | "nodeId">,
    intervalMs: number,
    send: (report: SecurityReport) => Promise<unknown>,
  ) {
    this.#about = about;
    this.#intervalMs = intervalMs;
    this.#send = send;
  }

  add(sample: SecuritySample): void {
    this.#pending ??= { count: 0, from: Date.now(), sample };
    this.#pending.count += 1;
    if (!this.#timer) void this.#flush();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#flush();
    clearTimeout(this.#timer);
  }

  /** Reports the pending count, then waits for the interval. */
  async #flush(): Promise<void> {
    const batch = this.#pending;
    this.#pending = undefined;
    this.#timer = batch && setTimeout(() => void this.#flush(), this.#intervalMs).unref();
    if (!batch) return;
    const { count, from, sample } = batch;
    try {
      await this.#send({
        ...this.#about,
        count,
        from: toTimestamp(from),
        until: toTimestamp(Date.now()),
        sample,
      });
    } catch {
      // Keep the earliest sample when more events arrived during the report.
      this.#pending = {
        count: count + ((this.#pending as typeof batch | undefined) ?? { count: 0 }).count,
        from,
        sample,
      };
    }
  }
}
