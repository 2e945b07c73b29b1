/**
 * Proofs by the type checker: each line below `@ts-expect-error` must not compile. Nothing here runs.
 */
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import { defineService } from "../../mixins/service/define-service.ts";
import type { Tx } from "../../mixins/database/database.ts";
import { consumersOf } from "../../mixins/events/consumer.ts";
import type { Fail, Result, TypedCall } from "../../mixins/contract/calls.ts";
import { audit } from "../../services/audit/audit.contract.ts";

declare const call: TypedCall;
declare const tx: Tx;
declare const auditEvent: Result<"audit.get">;
const action = actionsOf<{ greeting: string }>();
const on = consumersOf<{ greeting: string }>();

export async function calls() {
  await call("users.get", { id: "0" });
  // @ts-expect-error a wrong action name
  await call("users.gett", { id: "0" });
  // @ts-expect-error a missing parameter
  await call("users.get", {});
  // @ts-expect-error no parameters where some are required
  await call("users.get");
  // @ts-expect-error an extra parameter
  await call("users.get", { id: "0", verbose: true });
  // @ts-expect-error a parameter of a wrong type
  await call("users.get", { id: 0 });

  const user = await call("users.get", { id: "0" });
  const email: string = user.email;
  // @ts-expect-error a field that the result does not have
  const hash: string = user.passwordHash;
  // Params with defaults are optional for callers.
  await call("audit.list");
  return [email, hash];
}

export function publications() {
  tx.publish("users.logged-out", { userId: "0", sessionId: "1" });
  // @ts-expect-error a wrong event name
  tx.publish("users.logged-of", { userId: "0", sessionId: "1" });
  // @ts-expect-error a payload without a required field
  tx.publish("users.logged-out", { userId: "0" });
}

export const handlers = [
  action("users.logout", async ({ caller }) => {
    const session: string = caller.sessionId;
    return session ? null : null;
  }),
  // @ts-expect-error a wrong result
  action("users.logout", async () => "bye"),
  // @ts-expect-error an action that no contract declares
  action("users.dance", async () => null),
  action("users.get", async ({ params, caller }) => {
    // @ts-expect-error a parameter that the contract does not have
    const wrong: unknown = params.userId;
    // @ts-expect-error the caller may be the operator, who has no user id
    const owner: string = caller.userId;
    return call("users.get", { id: [wrong, owner].join("") });
  }),
  action("users.refresh", async ({ fail }) => {
    if (Math.random() > 2) throw fail("invalid-refresh-token");
    // @ts-expect-error an error that the contract does not declare
    throw fail("stock-shortage");
  }),
  // @ts-expect-error a dependency that the service does not have
  action("users.logout", async (_context, { farewell }) => (farewell ? null : null)),
];

export const consumers = [
  on("users.registered", async (event) => {
    const email: string = event.payload.email;
    // @ts-expect-error a field that this event does not carry
    const session: string = event.payload.sessionId;
    await Promise.resolve([email, session]);
  }),
  // @ts-expect-error an event that no contract declares
  on("users.danced", async () => undefined),
];

export function failures(fail: Fail<"users.get">) {
  fail("not-found");
  fail("forbidden");
  // @ts-expect-error a code that is not in the catalogue
  fail("not-fond");
}

/** Two of its actions are enough. */
const small = { ...audit, actions: { list: audit.actions.list, get: audit.actions.get } };
const dependencies = () => ({ greeting: "hello" });
const list = action("audit.list", async () => ({ items: [], nextCursor: null }));
const get = action("audit.get", async () => auditEvent);

export const services = [
  defineService(small, { migrations: [], dependencies, actions: [list, get] }),
  // @ts-expect-error an action of the contract is missing from the list
  defineService(small, { migrations: [], dependencies, actions: [list] }),
  defineService(small, {
    migrations: [],
    dependencies,
    // @ts-expect-error an action of another service
    actions: [list, get, action("users.logout", async () => null)],
  }),
];
