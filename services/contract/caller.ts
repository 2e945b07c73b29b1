import type { Permission } from "./permissions.ts";

/** Someone who signed in; the gateway vouches for it. */
export interface UserCaller {
  readonly kind: "user";
  readonly userId: string;
  readonly sessionId: string;
  readonly role: string;
  readonly permissions: readonly Permission[];
  /** When they last showed that it is they: milliseconds since 1970. */
  readonly verifiedAt?: number;
  /** Their role's permissions wait for a second factor, which this shop demands of staff. */
  readonly lacksSecondFactor?: true | undefined;
}

/** A machine with an API key; the gateway vouches for it. It owns nothing. */
export interface KeyCaller {
  readonly kind: "key";
  readonly keyId: string;
  readonly permissions: readonly Permission[];
}

/** Someone who did not sign in. */
export interface GuestCaller {
  readonly kind: "guest";
}

/** A part of the shop acting by itself (a sweeper, an event), or a person at the operator's console. */
export interface TrustedCaller {
  readonly kind: "system" | "operator";
  readonly name: string;
}

export type Caller = UserCaller | KeyCaller | GuestCaller | TrustedCaller;

/** Who did something, as it is written into events and the audit trail. */
export interface Actor {
  readonly kind: Caller["kind"];
  /** Id of the user or key, or the name of the service or operator; absent for guests. */
  readonly id?: string | undefined;
}

export const guest: GuestCaller = { kind: "guest" };

export function actorOf(caller: Caller): Actor {
  switch (caller.kind) {
    case "user":
      return { kind: "user", id: caller.userId };
    case "key":
      return { kind: "key", id: caller.keyId };
    case "guest":
      return { kind: "guest" };
    case "system":
    case "operator":
      return { kind: caller.kind, id: caller.name };
  }
}

/** Trusted callers may do everything; users what their role names; keys what they were made for; guests nothing. */
export function may(caller: Caller, permission: Permission): boolean {
  if (caller.kind === "user" || caller.kind === "key") return caller.permissions.includes(permission);
  return caller.kind !== "guest";
}

/** Whether someone who changes what others see asks; they read where they write, and nothing that was kept. */
export function isStaff(caller: Caller): boolean {
  if (caller.kind === "user") return caller.permissions.length > 0;
  return caller.kind === "operator" || caller.kind === "key";
}

/**
 * The owner that a query must be limited to: the user's own id, or nothing for those who may see everyone's.
 * Put it into the query, so that someone else's id finds nothing.
 */
export function ownerFilter(caller: UserCaller | KeyCaller | TrustedCaller, permission: Permission): string | undefined {
  return caller.kind === "user" && !may(caller, permission) ? caller.userId : undefined;
}
