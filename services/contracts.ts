import { audit } from "./audit/audit.contract.ts";
import { cart } from "./cart/cart.contract.ts";
import { catalog } from "./catalog/catalog.contract.ts";
import { operations } from "./operations/operations.contract.ts";
import { orders } from "./orders/orders.contract.ts";
import { users } from "./users/users.contract.ts";

/**
 * Every service's contract. A new service is added here; routes, the API description, typed calls and the
 * authorization matrix follow from this list.
 */
export const allContracts = [users, catalog, cart, orders, audit, operations] as const;

export type AllContracts = (typeof allContracts)[number];
