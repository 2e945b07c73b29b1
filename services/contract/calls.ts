import type { z } from "zod";
import type { AllContracts } from "../contracts.ts";
import type { Caller, KeyCaller, TrustedCaller, UserCaller } from "./caller.ts";
import type { ActionContract, ActionsOf, EventContract, EventsOf } from "./contract.ts";
import type { CommonErrorCode, ErrorData, ShopError } from "./errors.ts";

type UnionToIntersection<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void
  ? I
  : never;

/** Every action of the shop by full name, e.g. `catalog.products.list`. */
export type Actions = UnionToIntersection<ActionsOf<AllContracts>>;
export type ActionName = keyof Actions & string;

/** Every durable event of the shop by full name, e.g. `orders.placed`. */
export type Events = UnionToIntersection<EventsOf<AllContracts>>;
export type EventName = keyof Events & string;

type ContractOf<N extends ActionName> = Actions[N] extends ActionContract ? Actions[N] : never;

/** What a caller sends (before defaults are filled in). */
export type Input<N extends ActionName> = z.input<ContractOf<N>["params"]>;
/** What the handler receives (checked, defaults filled in). */
export type Params<N extends ActionName> = z.output<ContractOf<N>["params"]>;
/** What the handler returns and the caller gets. */
export type Result<N extends ActionName> = z.output<ContractOf<N>["result"]>;
/** The codes that the action's contract declares. */
export type DeclaredErrors<N extends ActionName> = ContractOf<N>["errors"][number];

export type EventPayload<N extends EventName> = Events[N] extends EventContract<infer P> ? z.output<P> : never;

/** Who can be calling, once the kit has let them through. */
export type CallerFor<N extends ActionName> = ContractOf<N>["access"] extends "signed-in"
  ? UserCaller
  : ContractOf<N>["access"] extends { permission: string } | { ownerOr: string }
    ? UserCaller | KeyCaller | TrustedCaller
    : Caller;

export interface CallOptions {
  /** Milliseconds for this call; never more than what is left of the caller's own time. */
  timeout?: number;
}

/** Calls another service's action by its full name, with checked params and result. */
export type TypedCall = <N extends ActionName>(
  ...args: {} extends Input<N>
    ? [name: N, params?: Input<N>, options?: CallOptions]
    : [name: N, params: Input<N>, options?: CallOptions]
) => Promise<Result<N>>;

/** Builds an error that the action's contract declares: `throw fail("stock-shortage", "...", { shortages })`. */
export type Fail<N extends ActionName> = <C extends DeclaredErrors<N> | CommonErrorCode>(
  code: C,
  detail?: string,
  data?: ErrorData,
) => ShopError<C>;
