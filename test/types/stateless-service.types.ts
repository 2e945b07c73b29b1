/**
 * Proofs by the type checker: each line below `@ts-expect-error` must not compile. Nothing here runs.
 */
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import { defineStatelessService, statelessActionsOf } from "../../mixins/service/define-stateless-service.ts";
import { audit } from "../../services/audit/audit.contract.ts";
import type { Result } from "../../mixins/contract/calls.ts";

declare const entry: Result<"audit.get">;
/** Two of its actions are enough. */
const small = { ...audit, actions: { list: audit.actions.list, get: audit.actions.get } };
const dependencies = () => ({ greeting: "hello" });
const action = statelessActionsOf<{ greeting: string }>();
const list = action("audit.list", async () => ({ items: [], nextCursor: null }));
const get = action("audit.get", async () => entry);

export const services = [
  defineStatelessService(small, { dependencies, actions: [list, get] }),
  // @ts-expect-error an action of the contract is missing from the list
  defineStatelessService(small, { dependencies, actions: [list] }),
  defineStatelessService(small, {
    dependencies,
    // @ts-expect-error an action that needs a database
    actions: [list, actionsOf<{ greeting: string }>()("audit.get", async () => entry)],
  }),
];

export const handlers = [
  // @ts-expect-error there is no transaction without data
  action("audit.get", async ({ transaction }) => (transaction ? entry : entry)),
];
