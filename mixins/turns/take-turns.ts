import type { ActionHandler, ActionSchema, Context, Middleware } from "moleculer";
import type { ActionContract, TurnKind, TurnLane } from "../../services/contract/contract.ts";
import { allContracts } from "../../services/contracts.ts";
import type { ShopMeta } from "../shop-action.ts";
import { timeLeft } from "../time-left.ts";
import { turnRules } from "./turn-rules.ts";
import { Turns } from "./turns.ts";

/** Lets calls of actions that take the same scarce thing on a node take turns, as their contracts say. */
export function takeTurns(): Middleware {
  const turnsOf: Readonly<Record<TurnKind, Turns<TurnLane>>> = { hashing: new Turns<TurnLane>(turnRules.hashing) };
  const declared = new Map<string, NonNullable<ActionContract["turn"]>>(
    allContracts.flatMap(({ name, actions }) =>
      Object.entries<ActionContract>(actions).flatMap(([key, { turn }]) => (turn ? [[`${name}.${key}`, turn] as const] : [])),
    ),
  );
  return {
    name: "TakeTurns",
    localAction(next: ActionHandler, action: ActionSchema): ActionHandler {
      const turn = declared.get(action.name ?? "");
      if (!turn) return next;
      return async function inTurn(ctx: Context<unknown, ShopMeta>) {
        const { caller, familiar = false } = ctx.meta;
        const lane = familiar || caller?.kind === "user" ? "familiar" : turn.lane;
        return turnsOf[turn.of].take(lane, timeLeft(ctx), async () => next.call(this, ctx) as Promise<unknown>);
      } as ActionHandler;
    },
  };
}
