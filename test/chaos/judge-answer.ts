import type { ActionContract } from "../../mixins/contract/contract.ts";
import type { ErrorCode } from "../../mixins/contract/errors.ts";
import { commonErrors, errorCatalogue } from "../../mixins/contract/errors.ts";

/** Meaning of an unsuccessful response. */
export type Verdict =
  /** `again`: undecided, so the request may be retried. */
  | { readonly outcome: "failed" | "again"; readonly problem: ErrorCode }
  | { readonly outcome: "unknown"; readonly problem: string };

/** Violations of the contract by the response itself. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly finding: string | undefined;
}

export interface ProblemAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

const temporary: ReadonlySet<string> = new Set<ErrorCode>(["idempotency-in-flight", "too-many-requests"]);
/** A 503 may also follow a forwarded request with an unknown outcome. */
const undecided: ReadonlySet<string> = new Set<ErrorCode>([
  "unavailable",
  "deadline-exceeded",
  "internal-error",
]);

/** Parses a problem by the catalogue and the action's contract; violations are findings. */
export function judgeProblem(
  contract: ActionContract,
  { status, contentType, text }: ProblemAnswer,
): Judgement {
  const code = codeIn(text);
  if (contentType !== "application/problem+json" || !code)
    return {
      verdict: { outcome: "unknown", problem: `${status} without a problem` },
      finding: `${status} ${contentType}: ${text.slice(0, 200)}`,
    };
  const promised: readonly string[] = [...contract.errors, ...commonErrors, ...temporary];
  const faults = [
    code === "internal-error" ? "internal-error" : "",
    promised.includes(code) ? "" : `${code} is none of its errors`,
    errorCatalogue[code].status === status ? "" : `${code} with status ${status}`,
  ].filter(Boolean);
  const finding = faults.length > 0 ? `${faults.join(", ")}: ${text.slice(0, 300)}` : undefined;
  if (undecided.has(code)) return { verdict: { outcome: "unknown", problem: code }, finding };
  return { verdict: { outcome: temporary.has(code) ? "again" : "failed", problem: code }, finding };
}

function codeIn(text: string): ErrorCode | undefined {
  try {
    const { type } = JSON.parse(text) as { type?: unknown };
    const [, code = ""] = /^\/problems\/([a-z-]+)$/.exec(String(type)) ?? [];
    return Object.hasOwn(errorCatalogue, code) ? (code as ErrorCode) : undefined;
  } catch {
    return undefined;
  }
}
