import type { History, Operation } from "./history.ts";
import type { MallState } from "./mall-books.ts";
import { mayHaveHappened } from "./possible-states.ts";

type Told = Pick<History, "of">;
type StepWish = Pick<Operation, "outcome" | "attempts"> & { readonly params: { readonly id: string } };

/** Checks that each request for after-sale service exists once under its key, and no unrequested one. */
export function compareAfterSales(history: Told, { afterSales }: MallState): string[] {
  const wishes = Map.groupBy(
    history.of("after-sales.requests.create"),
    ({ params }) => params.idempotencyKey,
  );
  const kept = Map.groupBy(afterSales, ({ key }) => key);
  return [...new Set([...wishes.keys(), ...kept.keys()])].flatMap((key) => {
    const [wished, found] = [wishes.get(key) ?? [], kept.get(key) ?? []];
    const told = wished.flatMap(({ answer }) => answer ?? []);
    const lost = told.filter(
      ({ id, orderId, kind }) =>
        !found.some((one) => one.id === id && one.orderId === orderId && one.kind === kind),
    );
    return [
      found.length > 1 ? `key ${key} made ${found.length} after-sales` : "",
      lost.length > 0 ? `after-sale ${lost[0]?.id} was acknowledged and is not there` : "",
      found.length > 0 && !mayHaveHappened(wished) ? `after-sale ${found[0]?.id} was not requested` : "",
    ].filter(Boolean);
  });
}

/** Checks that each acknowledged step of an after-sale was taken, and none that was not requested. */
export function compareAfterSaleSteps(history: Told, { afterSales, afterSaleSteps }: MallState): string[] {
  const steps: readonly (readonly [steps: readonly string[], wishes: readonly StepWish[]])[] = [
    [["approve"], history.of("after-sales.answers.approve")],
    [["reject"], history.of("after-sales.answers.reject")],
    [["receive"], history.of("after-sales.answers.receive")],
    [["replace"], history.of("after-sales.answers.replace")],
    [["uphold", "uphold-received", "dismiss"], history.of("after-sales.answers.decide")],
    [["withdraw"], history.of("after-sales.requests.withdraw")],
    [["escalate"], history.of("after-sales.requests.escalate")],
    [["send-back"], history.of("after-sales.requests.send-back")],
  ];
  const taken = Map.groupBy(afterSaleSteps, ({ afterSaleId }) => afterSaleId);
  const byStep = steps.map(([names, wishes]) => ({
    names,
    ofAfterSale: Map.groupBy(wishes, ({ params }) => params.id),
  }));
  return afterSales.flatMap(({ id }) =>
    byStep.flatMap(({ names, ofAfterSale }) => {
      const wishes = ofAfterSale.get(id) ?? [];
      const times = (taken.get(id) ?? []).filter(({ step }) => names.includes(step)).length;
      const name = `after-sale ${id}: ${names[0]}`;
      return [
        times === 0 && wishes.some(({ outcome }) => outcome === "ok")
          ? `${name} was acknowledged and did not happen`
          : "",
        times > 0 && !mayHaveHappened(wishes) ? `${name} happened without a request` : "",
        times > Math.max(wishes.length, 1) ? `${name} happened ${times} times` : "",
      ].filter(Boolean);
    }),
  );
}
