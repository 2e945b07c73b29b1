import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../mixins/contract/caller.ts";
import { guest } from "../../mixins/contract/caller.ts";
import type { Access, ActionContract } from "../../mixins/contract/contract.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Permission, Role } from "../../mixins/contract/permissions.ts";
import { merchantRoleNames, merchantRoles, roleNames, roles } from "../../mixins/contract/permissions.ts";
import { stepUpMs } from "../../mixins/contract/step-up.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { allContracts } from "../support/all-contracts.ts";

const everything = roles.administrator;
const stale = { verifiedAt: Date.now() - stepUpMs };

const callers: [string, Caller][] = [
  ["guest", guest],
  ["bearer of an order's token", { kind: "order", orderId: newId(), customerId: newId() }],
  ...roleNames.map((role): [Role, Caller] => [role, { ...customer(), role, permissions: [...roles[role]] }]),
  ["customer who logged in long ago", { ...customer(), ...stale }],
  [
    "administrator who logged in long ago",
    { ...customer(), role: "administrator", permissions: everything, ...stale },
  ],
  ...merchantRoleNames.map((role): [string, Caller] => [
    `${role} of a merchant`,
    { ...customer(), merchants: [{ merchantId: newId(), role }] },
  ]),
  [
    "owner of a merchant who logged in long ago",
    { ...customer(), merchants: [{ merchantId: newId(), role: "owner" }], ...stale },
  ],
  ["key without permissions", { kind: "key", keyId: newId(), permissions: [] }],
  ["key with all permissions", { kind: "key", keyId: newId(), permissions: everything }],
  [
    "key that may move no money",
    { kind: "key", keyId: newId(), permissions: everything.filter((one) => one !== "money:write") },
  ],
];

const actions = allContracts.flatMap((contract) =>
  Object.entries<ActionContract>(contract.actions)
    .filter(([, declared]) => declared.access !== "internal")
    .map(([key, declared]) => [`${contract.name}.${key}`, declared] as const),
);

/**
 * Expected rights, independent of the implementation, so that a bug there does not affect expectation and
 * contracts alike.
 */
function refusal({ access, stepUp, movesMoney }: ActionContract, caller: Caller): string | undefined {
  if (access === "anyone") return undefined;
  if (access === "shopper") return caller.kind === "key" || caller.kind === "order" ? "forbidden" : undefined;
  if (caller.kind === "order") {
    const isOfOrders = typeof access === "object" && ("orderToken" in access || "buyerOf" in access);
    return isOfOrders ? undefined : "forbidden";
  }
  if (caller.kind === "key") {
    // A machine owns nothing and cannot re-authenticate.
    const needed = permissionIn(access);
    return needed &&
      everything.includes(needed) &&
      caller.permissions.includes(needed) &&
      !stepUp &&
      (!movesMoney || caller.permissions.includes("money:write"))
      ? undefined
      : "forbidden";
  }
  if (caller.kind !== "user") return "unauthenticated";
  const isForOwners = typeof access === "object" && "ownerOr" in access;
  const needed = isForOwners ? undefined : permissionIn(access);
  const ofMerchants: readonly Permission[] =
    typeof access === "object" && "merchantOr" in access
      ? (caller.merchants ?? []).flatMap(({ role }) => merchantRoles[role])
      : [];
  if (needed && !caller.permissions.includes(needed) && !ofMerchants.includes(needed)) return "forbidden";
  const forTheShop =
    needed ??
    (typeof access === "object" && "ownerOr" in access && caller.permissions.includes(access.ownerOr));
  return (stepUp || (movesMoney && forTheShop)) && caller.verifiedAt === stale.verifiedAt
    ? "step-up-required"
    : undefined;
}

function permissionIn(access: Access): Permission | undefined {
  if (typeof access === "string" || "buyerOf" in access) return undefined;
  if ("ownerOr" in access) return access.ownerOr;
  return "merchantOr" in access ? access.merchantOr : access.permission;
}

describe("every service lets in whom the contract names, and no one else", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop.stop());

  test.each(actions)("%s", async (name, declared) => {
    for (const [, caller] of callers) {
      // Invalid params of any action: an authorized caller gets only as far as validation.
      const call = shop.broker.call(name, { "no such field": true }, { meta: { caller } });
      await expect(call).rejects.toMatchObject({ type: refusal(declared, caller) ?? "validation-failed" });
    }
  });
});
