import type { ServiceBroker } from "moleculer";
import { eventTransport } from "../../mixins/events/event-transport.ts";
import type { EventTransport } from "../../mixins/events/transport.ts";
import type { NodeEnvironment } from "../../mixins/stateless-service.ts";
import { statelessActionsOf } from "../../mixins/stateless-service.ts";

export interface OperationsDependencies {
  /** The node that is asked about. */
  readonly broker: ServiceBroker;
  /** Made when it is first wanted: a gateway has no use for it. */
  readonly events: () => EventTransport;
}

export function operationsDependencies({ broker }: NodeEnvironment): OperationsDependencies {
  return { broker, events: () => eventTransport(broker) };
}

export const action = statelessActionsOf<OperationsDependencies>();
