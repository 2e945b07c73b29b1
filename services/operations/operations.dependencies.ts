import type { ServiceBroker } from "moleculer";
import { eventTransport } from "../../mixins/events/open-event-transport.ts";
import type { EventTransport } from "../../mixins/events/transport-interface.ts";
import type { NodeEnvironment } from "../../mixins/service/define-stateless-service.ts";
import { statelessActionsOf } from "../../mixins/service/define-stateless-service.ts";

export interface OperationsDependencies {
  /** The node's broker. */
  readonly broker: ServiceBroker;
  /** Created on first use; a gateway does not need it. */
  readonly events: () => EventTransport;
}

export function operationsDependencies({ broker }: NodeEnvironment): OperationsDependencies {
  return { broker, events: () => eventTransport(broker) };
}

export const action = statelessActionsOf<OperationsDependencies>();
