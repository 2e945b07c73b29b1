import type { ServiceWithDatabase } from "../../../mixins/database/database.mixin.ts";
import { resendFromOutbox } from "../../../mixins/events/outbox-table.ts";
import { contractsOf } from "../../../mixins/service/config-of.ts";
import { action } from "../operations.dependencies.ts";

const hourMs = 3_600_000;

export const resendEvents = action(
  "operations.events.resend",
  async ({ params, now, log, fail }, { broker }) => {
    const { service, consumer, hours } = params;
    const contracts = contractsOf(broker);
    const { consumes } = contracts.find(({ name }) => name === consumer) ?? {};
    const publisher = contracts.find(
      ({ name, events }) => name === service && Object.keys(events).length > 0,
    );
    const running = (broker.services as Partial<ServiceWithDatabase>[]).find(
      ({ name }) => name === publisher?.name,
    );
    if (!consumes || !running?.database) throw fail("not-found");
    const { database } = running;
    const origin = { actor: { kind: "system", id: "operations" }, requestId: "resend" } as const;
    const resent = await resendFromOutbox(
      database,
      origin,
      new Set(consumes),
      hours === undefined ? 0 : now - hours * hourMs,
    );
    database.notifyPublished();
    log.info(`resending ${resent} events of ${service} to ${consumer}`);
    return { resent };
  },
);
