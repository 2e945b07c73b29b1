import type { z } from "zod";
import type { Caller, GuestCaller, KeyCaller, OrderCaller, TrustedCaller, UserCaller } from "./caller.ts";
import type { ActionContract, EventContract } from "./contract.ts";
import type { CommonErrorCode, ErrorData, ShopError } from "./errors.ts";
import type { ContractName, Contracts } from "./registry.ts";

type KeysIn<S extends ContractName, Part extends string> = Contracts[S] extends {
  readonly [P in Part]: infer Declared;
}
  ? keyof Declared & string
  : never;

/** Every action of the shop by full name, e.g. `catalog.products.list`. */
export type ActionName = { [S in ContractName]: `${S}.${KeysIn<S, "actions">}` }[ContractName];

/** Every durable event of the shop by full name, e.g. `orders.placed`. */
export type EventName = { [S in ContractName]: `${S}.${KeysIn<S, "events">}` }[ContractName];

type Declared<N extends string, Part extends string> = N extends `${infer S}.${infer Key}`
  ? S extends ContractName
    ? Contracts[S] extends { readonly [P in Part]: { readonly [K in Key]: infer D } }
      ? D
      : never
    : never
  : never;

/** Every action's contract by full name; the compiler resolves each on use. */
type Actions = { [N in ActionName]: Declared<N, "actions"> };

type ContractOf<N extends ActionName> = Actions[N] extends ActionContract ? Actions[N] : never;

/** Params as callers send them, before defaults are applied. */
export type Input<N extends ActionName> = z.input<ContractOf<N>["params"]>;
/** Params as handlers receive them: checked, defaults applied. */
export type Params<N extends ActionName> = z.output<ContractOf<N>["params"]>;
/** Result of the handler, as the caller receives it. */
export type Result<N extends ActionName> = z.output<ContractOf<N>["result"]>;
/** Error codes that the contract declares. */
export type DeclaredErrors<N extends ActionName> = ContractOf<N>["errors"][number];

export type EventPayload<N extends EventName> =
  Declared<N, "events"> extends EventContract<infer P> ? z.output<P> : never;

/** The kinds of caller that the action's `access` admits. */
export type CallerFor<N extends ActionName> = CallerByAccess<ContractOf<N>["access"]>;

type CallerByAccess<A> = A extends "signed-in"
  ? UserCaller
  : A extends "shopper"
    ? UserCaller | GuestCaller
    : A extends { buyerOf: string }
      ? UserCaller | OrderCaller
      : A extends { ownerOr: string; orderToken: string }
        ? UserCaller | KeyCaller | OrderCaller | TrustedCaller
        : A extends { permission: string } | { ownerOr: string } | { merchantOr: string }
          ? UserCaller | KeyCaller | TrustedCaller
          : Caller;

export interface CallOptions {
  /** Milliseconds; capped by the caller's own deadline. */
  timeout?: number;
}

/** Calls another service's action by its full name, with checked params and result. */
export type TypedCall = <N extends ActionName>(
  ...args: {} extends Input<N>
    ? [name: N, params?: Input<N>, options?: CallOptions]
    : [name: N, params: Input<N>, options?: CallOptions]
) => Promise<Result<N>>;

/** Builds an error of the action's contract: `throw fail("stock-shortage", "...", { shortages })`. */
export type Fail<N extends ActionName> = <C extends DeclaredErrors<N> | CommonErrorCode>(
  code: C,
  detail?: string,
  data?: ErrorData,
) => ShopError<C>;
