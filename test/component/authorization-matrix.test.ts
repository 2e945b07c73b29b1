import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../services/contract/caller.ts";
import { guest } from "../../services/contract/caller.ts";
import type { Access, ActionContract } from "../../services/contract/contract.ts";
import type { Permission, Role } from "../../services/contract/permissions.ts";
import { roleNames, roles } from "../../services/contract/permissions.ts";
import { allContracts } from "../../services/contracts.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const callers: [string, Caller][] = [
  ["guest", guest],
  ...roleNames.map((role): [Role, Caller] => [role, { ...customer(), role, permissions: [...roles[role]] }]),
];

const actions = allContracts.flatMap((contract) =>
  Object.entries<ActionContract>(contract.actions)
    .filter(([, declared]) => declared.access !== "internal")
    .map(([key, declared]) => [`${contract.name}.${key}`, declared.access] as const),
);

/** Written down a second time on purpose, so that a slip in the kit does not go along with the contracts. */
function refusal(access: Access, caller: Caller): "unauthenticated" | "forbidden" | undefined {
  if (access === "anyone") return undefined;
  if (caller.kind !== "user") return "unauthenticated";
  const needed: Permission | undefined = typeof access === "object" && "permission" in access ? access.permission : undefined;
  return needed && !caller.permissions.includes(needed) ? "forbidden" : undefined;
}

describe("every service lets in whom the contract names, and no one else", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop.stop());

  test.each(actions)("%s", async (name, access) => {
    for (const [, caller] of callers) {
      // Params that no action accepts: whoever is let in gets no further than validation.
      const call = shop.broker.call(name, { "no such field": true }, { meta: { caller } });
      await expect(call).rejects.toMatchObject({ type: refusal(access, caller) ?? "validation-failed" });
    }
  });
});
