import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../services/contract/caller.ts";
import { guest } from "../../services/contract/caller.ts";
import type { ActionContract } from "../../services/contract/contract.ts";
import { newId } from "../../services/contract/ids.ts";
import type { Permission, Role } from "../../services/contract/permissions.ts";
import { roleNames, roles } from "../../services/contract/permissions.ts";
import { stepUpMs } from "../../services/contract/step-up.ts";
import { allContracts } from "../../services/contracts.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const everything = roles.administrator;
const stale = { verifiedAt: Date.now() - stepUpMs };

const callers: [string, Caller][] = [
  ["guest", guest],
  ...roleNames.map((role): [Role, Caller] => [role, { ...customer(), role, permissions: [...roles[role]] }]),
  ["customer who logged in long ago", { ...customer(), ...stale }],
  ["administrator who logged in long ago", { ...customer(), role: "administrator", permissions: everything, ...stale }],
  ["key without permissions", { kind: "key", keyId: newId(), permissions: [] }],
  ["key with all permissions", { kind: "key", keyId: newId(), permissions: everything }],
];

const actions = allContracts.flatMap((contract) =>
  Object.entries<ActionContract>(contract.actions)
    .filter(([, declared]) => declared.access !== "internal")
    .map(([key, declared]) => [`${contract.name}.${key}`, declared] as const),
);

/** Written down a second time on purpose, so that a slip in the kit does not go along with the contracts. */
function refusal({ access, stepUp }: ActionContract, caller: Caller): string | undefined {
  if (access === "anyone") return undefined;
  if (caller.kind === "key") {
    // A machine owns nothing and cannot be asked for a password.
    const needed = typeof access === "object" ? Object.values(access)[0] : undefined;
    return needed && everything.includes(needed) && caller.permissions.includes(needed) && !stepUp ? undefined : "forbidden";
  }
  if (caller.kind !== "user") return "unauthenticated";
  const needed: Permission | undefined = typeof access === "object" && "permission" in access ? access.permission : undefined;
  if (needed && !caller.permissions.includes(needed)) return "forbidden";
  return stepUp && caller.verifiedAt === stale.verifiedAt ? "step-up-required" : undefined;
}

describe("every service lets in whom the contract names, and no one else", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop.stop());

  test.each(actions)("%s", async (name, declared) => {
    for (const [, caller] of callers) {
      // Params that no action accepts: whoever is let in gets no further than validation.
      const call = shop.broker.call(name, { "no such field": true }, { meta: { caller } });
      await expect(call).rejects.toMatchObject({ type: refusal(declared, caller) ?? "validation-failed" });
    }
  });
});
