import type { ActionName } from "../../../mixins/contract/calls.ts";
import type { Attempt, Operation, OperationOf } from "../../chaos/history.ts";

/** A client history with the fields that the verdict reads. */
export function history(
  ...wishes: {
    action: ActionName;
    outcome: Operation["outcome"];
    params: object;
    answer?: object;
    text?: string;
    attempts?: readonly Attempt[];
  }[]
) {
  const operations = wishes.map(
    (wish, index) =>
      ({ number: index + 1, who: "buyer", attempts: [], text: "", ...wish }) as unknown as Operation,
  );
  const of = <N extends ActionName>(action: N) =>
    operations.filter((one) => one.action === action) as unknown as OperationOf<N>[];
  return { operations, of };
}
