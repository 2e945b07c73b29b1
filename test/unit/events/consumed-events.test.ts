import { expect, test } from "@jest/globals";
import type { ServiceWithDatabase } from "../../../mixins/database/database.mixin.ts";
import { consumersOf } from "../../../mixins/events/consumer.ts";
import { startEvents } from "../../../mixins/events/durable-events.ts";
import { catalog } from "../../../services/catalog/catalog.contract.ts";

const on = consumersOf<object>();
const nothing = () => Promise.resolve();
const start = (consumes: readonly string[]) =>
  startEvents(
    { name: "catalog", broker: { options: { contracts: [] } } } as unknown as ServiceWithDatabase,
    { ...catalog, consumes },
    [on(["orders.placed", "orders.paid"], nothing)],
    {},
  );

test("a service that consumes an event missing in its contract fails to start and names it", async () => {
  await expect(start(["orders.placed"])).rejects.toThrow(
    "catalog consumes orders.paid: add it to the contract's `consumes`",
  );
});

test("a service whose contract names an event without a handler fails to start and names it", async () => {
  const expected = "catalog's contract consumes orders.expired: no consumer handles it";
  await expect(start(["orders.placed", "orders.paid", "orders.expired"])).rejects.toThrow(expected);
});
