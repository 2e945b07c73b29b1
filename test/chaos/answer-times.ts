import { declared } from "../replay/shop-client.ts";
import type { Attempt, History, Operation } from "./history.ts";
import type { Misfortune } from "./nemesis.ts";

/** How long an action may take when its contract does not say otherwise. */
const deadlineMs = 10_000;
/** What a busy machine may need besides. */
const marginMs = 5000;

/**
 * Requests that were answered too late or not at all although their gateway was well: it has to answer in time whatever
 * else is away.
 *
 * @param gateways the gateways' names, by number
 */
export function lateAnswers(
  history: Pick<History, "operations">,
  misfortunes: readonly Misfortune[],
  gateways: readonly string[],
): string[] {
  const ofGateway = Map.groupBy(misfortunes, ({ fault }) => fault.target);
  const wasWell = ({ gateway, at, ms }: Attempt) =>
    (ofGateway.get(gateways[gateway] ?? "") ?? []).every(({ fault, from, until }) =>
      fault.kind.startsWith("node") ? at + ms < from || at > until : true,
    );
  return history.operations.flatMap((operation) => {
    const limit = (declared(operation.action).contract.timeout ?? deadlineMs) + marginMs;
    return operation.attempts
      .filter((attempt) => (attempt.status === null || attempt.ms > limit) && wasWell(attempt))
      .map((attempt) => lateText(operation, attempt));
  });
}

function lateText({ number, action }: Operation, { ms, status, problem, requestId, at }: Attempt): string {
  const what = status === null ? `got no answer (${problem})` : `was answered ${status} ${problem ?? ""}`.trimEnd();
  return `#${number} ${action} (request ${requestId}) ${what} after ${ms} ms, at ${new Date(at).toISOString()}`;
}
