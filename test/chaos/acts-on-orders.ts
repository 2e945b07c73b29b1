import type { History, OperationOf } from "./history.ts";

/** Operations on one order. */
export interface OrderOperations {
  readonly pay: OperationOf<"orders.payments.record">[];
  readonly cancel: OperationOf<"orders.cancel">[];
  readonly sendBack: OperationOf<"orders.returns.record">[];
  readonly ship: OperationOf<"orders.shipments.create">[];
  readonly giveBack: OperationOf<"orders.refunds.record">[];
}

export function operationsByOrder(history: Pick<History, "of">): Map<string, OrderOperations> {
  const operations = new Map<string, OrderOperations>();
  const of = (orderId: string): OrderOperations => {
    const known = operations.get(orderId) ?? { pay: [], cancel: [], sendBack: [], ship: [], giveBack: [] };
    operations.set(orderId, known);
    return known;
  };
  for (const operation of history.of("orders.payments.record")) of(operation.params.id).pay.push(operation);
  for (const operation of history.of("orders.cancel")) of(operation.params.id).cancel.push(operation);
  for (const operation of history.of("orders.returns.record"))
    of(operation.params.id).sendBack.push(operation);
  for (const operation of history.of("orders.shipments.create")) of(operation.params.id).ship.push(operation);
  for (const operation of history.of("orders.refunds.record"))
    of(operation.params.id).giveBack.push(operation);
  return operations;
}
