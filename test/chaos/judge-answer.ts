import type { ActionContract } from "../../services/contract/contract.ts";
import type { ErrorCode } from "../../services/contract/errors.ts";
import { commonErrors, errorCatalogue } from "../../services/contract/errors.ts";

/** How an answer that is no success is taken. */
export type Verdict =
  /** `again`: nothing was decided yet, the same may be asked again. */
  | { readonly outcome: "failed" | "again"; readonly problem: ErrorCode }
  | { readonly outcome: "unknown"; readonly problem: string };

/** What is wrong with the answer itself, beside what it says. */
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
/** 503 also comes when a request was passed on and what became of it is not known. */
const undecided: ReadonlySet<string> = new Set<ErrorCode>(["unavailable", "deadline-exceeded", "internal-error"]);

/** Reads a problem as the catalogue and the action's contract promise it; what they do not promise is a finding. */
export function judgeProblem(contract: ActionContract, { status, contentType, text }: ProblemAnswer): Judgement {
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
