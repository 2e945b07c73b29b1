import { consumersOf } from "../../mixins/events/consumer.ts";
import type { ServiceEnvironment } from "../../mixins/shop-service.ts";
import { actionsOf } from "../../mixins/shop-service.ts";
import { AuditRepository } from "./data/audit-repository.ts";

/** What the handlers of this service work with. */
export interface AuditDependencies {
  readonly trail: AuditRepository;
}

export function auditDependencies({ database }: ServiceEnvironment): AuditDependencies {
  return { trail: new AuditRepository(database) };
}

export const action = actionsOf<AuditDependencies>();
export const on = consumersOf<AuditDependencies>();
