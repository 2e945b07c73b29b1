import type { MerchantRole, Permission } from "./permissions.ts";
import { merchantRoles } from "./permissions.ts";

/** A user's role at a merchant. */
export interface Membership {
  readonly merchantId: string;
  readonly role: MerchantRole;
}

/** A signed-in user, authenticated by the gateway. */
export interface UserCaller {
  readonly kind: "user";
  readonly userId: string;
  readonly sessionId: string;
  readonly role: string;
  readonly permissions: readonly Permission[];
  /** Last authentication (login or step-up), in milliseconds since 1970. */
  readonly verifiedAt?: number;
  /** The role's permissions are withheld until the user has a second factor (`STAFF_TWO_FACTOR`). */
  readonly lacksSecondFactor?: true | undefined;
  /** Merchants that the user works for. */
  readonly merchants?: readonly Membership[] | undefined;
  /** A customer with a young account or an unverified e-mail address, who gets lower limits. */
  readonly isNew?: true | undefined;
}

/** A machine with an API key, authenticated by the gateway. It owns nothing. */
export interface KeyCaller {
  readonly kind: "key";
  readonly keyId: string;
  readonly permissions: readonly Permission[];
  /**
   * Name of a plain service that acts by itself, with the permissions that its settings grant; it has no API
   * key.
   */
  readonly service?: string;
}

/** A caller without credentials. */
export interface GuestCaller {
  readonly kind: "guest";
}

/**
 * The bearer of a guest order's token, authenticated by the gateway. It stands for the customer of that one
 * order, and reaches that order only (`assertOwnOrder`).
 */
export interface OrderCaller {
  readonly kind: "order";
  readonly orderId: string;
  /** The guest, whose other orders the token does not open. */
  readonly customerId: string;
}

/** The shop itself (a job, an event consumer), or an operator at the console. */
export interface TrustedCaller {
  readonly kind: "system" | "operator";
  readonly name: string;
}

export type Caller = UserCaller | KeyCaller | GuestCaller | OrderCaller | TrustedCaller;

/** The originator of a change, as events and the audit trail record it. */
export interface Actor {
  readonly kind: Exclude<Caller["kind"], "order">;
  /**
   * Id of the user or key, or the name of the service or operator; of guests the customer id, where it is
   * known.
   */
  readonly id?: string | undefined;
}

export const guest: GuestCaller = { kind: "guest" };

export function actorOf(caller: Caller): Actor {
  switch (caller.kind) {
    case "user":
      return { kind: "user", id: caller.userId };
    case "key":
      return caller.service === undefined
        ? { kind: "key", id: caller.keyId }
        : { kind: "system", id: caller.service };
    case "guest":
      return { kind: "guest" };
    case "order":
      return { kind: "guest", id: caller.customerId };
    case "system":
    case "operator":
      return { kind: caller.kind, id: caller.name };
  }
}

/** As text: `user:<id>`, `key:<id>`, `system:<name>`, `operator:<name>`, `guest:<id>` or `guest`. */
export function actorText({ kind, id }: Actor): string {
  return id === undefined ? kind : `${kind}:${id}`;
}

/**
 * Trusted callers have every permission, users those of their role, keys those they were issued with, guests
 * and bearers of order tokens none.
 */
export function may(caller: Caller, permission: Permission): boolean {
  if (caller.kind === "user" || caller.kind === "key") return caller.permissions.includes(permission);
  return caller.kind === "system" || caller.kind === "operator";
}

/**
 * Whether the caller can change shared data, as staff or for a merchant. Such callers read from the primary and
 * bypass the cache.
 */
export function isStaff(caller: Caller): boolean {
  if (caller.kind === "user") return caller.permissions.length > 0 || (caller.merchants?.length ?? 0) > 0;
  return caller.kind === "operator" || caller.kind === "key";
}

/** The customer that a caller acts as. */
export function customerOf(caller: UserCaller | OrderCaller): string {
  return caller.kind === "user" ? caller.userId : caller.customerId;
}

/**
 * The owner id to filter a query by: the user's own, the guest's of an order token, or undefined with the
 * permission to see all rows. Used in the query, it makes a foreign id match no row.
 */
export function ownerFilter(
  caller: UserCaller | KeyCaller | OrderCaller | TrustedCaller,
  permission: Permission,
): string | undefined {
  if (caller.kind === "order") return caller.customerId;
  return caller.kind === "user" && !may(caller, permission) ? caller.userId : undefined;
}

/** Merchants at which the caller's role includes the permission. */
export function merchantsWith(caller: Caller, permission: Permission): readonly string[] {
  if (caller.kind !== "user") return [];
  return (caller.merchants ?? [])
    .filter(({ role }) => (merchantRoles[role] as readonly Permission[]).includes(permission))
    .map(({ merchantId }) => merchantId);
}

/**
 * The merchant ids to filter a query by: those that the caller works for with the permission, or undefined with the
 * permission to see all rows. Used in the query, it makes another merchant's id match no row.
 *
 * @param wanted of them, this one only
 */
export function merchantFilter(
  caller: Caller,
  permission: Permission,
  wanted?: string,
): readonly string[] | undefined {
  const own = may(caller, permission) ? undefined : merchantsWith(caller, permission);
  if (wanted === undefined) return own;
  return own === undefined || own.includes(wanted) ? [wanted] : [];
}
