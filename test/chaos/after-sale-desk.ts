import type { Result } from "../../mixins/contract/calls.ts";
import type { Employee } from "./employee.ts";

type AfterSale = Result<"after-sales.requests.list">["items"][number];

const parcel = { carrier: "DHL", trackingNumber: "0034" } as const;

/**
 * Answers one after-sale request, sometimes by a double click.
 *
 * @param merchantId whose; absent: anybody's, by staff, who decide disputes too
 */
export async function answerAfterSale(employee: Employee, merchantId?: string): Promise<void> {
  const { person } = employee;
  const status = person.oneOf([
    "requested",
    "sent-back",
    "received",
    ...(merchantId === undefined ? (["disputed"] as const) : []),
  ] as const);
  const { answer } = await employee.request("after-sales.requests.list", { merchantId, status, limit: 10 });
  if (!answer || answer.items.length === 0) return;
  const afterSale = person.oneOf(answer.items);
  const answerIt = answerTo(afterSale, employee);
  await Promise.all(person.chance(0.2) ? [answerIt(), answerIt()] : [answerIt()]);
}

function answerTo({ id, status, remedy }: AfterSale, employee: Employee): () => Promise<unknown> {
  const { person } = employee;
  const reject = async () => employee.request("after-sales.answers.reject", { id, reason: "Not so" });
  if (status === "requested")
    return person.chance(0.75) ? async () => employee.request("after-sales.answers.approve", { id }) : reject;
  if (status === "disputed") {
    const decision = person.chance(0.5) ? "uphold" : "dismiss";
    return async () =>
      employee.request("after-sales.answers.decide", { id, decision, reason: "Looked at it" });
  }
  if (status === "sent-back") {
    const restock = person.chance(0.8);
    return person.chance(0.85)
      ? async () => employee.request("after-sales.answers.receive", { id, restock })
      : reject;
  }
  return remedy === "replacement"
    ? async () => employee.request("after-sales.answers.replace", { id, ...parcel })
    : // The shop gives it.
      async () => undefined;
}
