import { declared } from "../replay/shop-client.ts";
import type { Attempt, History, Operation } from "./history.ts";
import type { InjectedFault } from "./nemesis.ts";

/** Default deadline of an action. */
const deadlineMs = 10_000;
/** Margin for a busy machine. */
const marginMs = 5000;

/**
 * Requests without a timely response although their gateway was healthy: it must respond in time, whatever
 * other fault there is.
 *
 * @param gateways the gateways' names, by number
 */
export function lateResponses(
  history: Pick<History, "operations">,
  injected: readonly InjectedFault[],
  gateways: readonly string[],
): string[] {
  const ofGateway = Map.groupBy(injected, ({ fault }) => fault.target);
  const wasHealthy = ({ gateway, at, ms }: Attempt) =>
    (ofGateway.get(gateways[gateway] ?? "") ?? []).every(({ fault, from, until }) =>
      fault.kind.startsWith("node") ? at + ms < from || at > until : true,
    );
  return history.operations.flatMap((operation) => {
    const limit = (declared(operation.action).contract.timeout ?? deadlineMs) + marginMs;
    return operation.attempts
      .filter((attempt) => (attempt.status === null || attempt.ms > limit) && wasHealthy(attempt))
      .map((attempt) => lateText(operation, attempt));
  });
}

function lateText({ number, action }: Operation, { ms, status, problem, requestId, at }: Attempt): string {
  const what =
    status === null ? `got no answer (${problem})` : `was answered ${status} ${problem ?? ""}`.trimEnd();
  return `#${number} ${action} (request ${requestId}) ${what} after ${ms} ms, at ${new Date(at).toISOString()}`;
}
