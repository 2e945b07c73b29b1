/** @embedded Permissions follow from the contract; authorization-matrix tests the services over servers. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { Endpoint } from "../../services/api/routing/endpoints.ts";
import type { Alias } from "../../services/api/routing/moleculer-web.ts";
import type { Router } from "../../services/api/routing/router.ts";
import { endpointsOf } from "../../services/api/routing/endpoints.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Permission, Role } from "../../mixins/contract/permissions.ts";
import {
  merchantRoleNames,
  merchantRoles,
  permissions,
  roleNames,
  roles,
} from "../../mixins/contract/permissions.ts";
import { stepUpMs } from "../../mixins/contract/step-up.ts";
import { orderAsGuest } from "../support/guests.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import { join, newMerchant, verifiedPerson } from "../support/merchant-of.ts";
import type { Person } from "../support/people.ts";
import { logIn, newApiKey, newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";
import { allContracts } from "../support/all-contracts.ts";

/**
 * Expected rights of a caller, independent of the implementation, so that a bug there does not affect
 * expectation and contracts alike.
 */
interface Rights {
  readonly kind: "guest" | "order" | "user" | "key" | "nobody";
  readonly permissions: readonly string[];
  /** Those of a member's role, for what is the merchant's. */
  readonly ofMember?: readonly string[];
  /** True after a recent re-authentication. */
  readonly verified: boolean;
}

type Refusal = "unauthenticated" | "forbidden" | "step-up-required";

function refusalOf(
  { contract, route }: Endpoint,
  { kind, permissions: own, ofMember = [], verified }: Rights,
): Refusal | undefined {
  if (route.ignoresToken) return undefined;
  if (kind === "nobody") return "unauthenticated";
  const { access, stepUp, movesMoney } = contract;
  if (access === "anyone") return undefined;
  if (access === "shopper") return kind === "guest" || kind === "user" ? undefined : "forbidden";
  if (kind === "guest") return "unauthenticated";
  if (kind === "order")
    return typeof access === "object" && ("orderToken" in access || "buyerOf" in access)
      ? undefined
      : "forbidden";
  if (access === "signed-in" || (typeof access === "object" && "buyerOf" in access))
    return kind === "key" ? "forbidden" : stepUp && !verified ? "step-up-required" : undefined;
  if (access === "internal") return "forbidden";
  const ownersPermission = "ownerOr" in access ? access.ownerOr : undefined;
  const needed =
    "ownerOr" in access ? (kind === "key" ? access.ownerOr : undefined) : Object.values(access)[0];
  const held = "merchantOr" in access ? [...own, ...ofMember] : own;
  if (needed !== undefined && !held.includes(needed)) return "forbidden";
  if (kind === "key") return stepUp || (movesMoney && !own.includes("money:write")) ? "forbidden" : undefined;
  const forTheShop = ownersPermission === undefined || own.includes(ownersPermission);
  return (stepUp || (movesMoney && forTheShop)) && !verified ? "step-up-required" : undefined;
}

const endpoints = endpointsOf(allContracts);
const everyPermission = Object.keys(permissions) as Permission[];

/** An unknown resource: an authorized caller gets only as far as the lookup. */
const pathOf = ({ path }: Endpoint) => `${path.replace(/\{\w+\}/g, () => newId())}?no-such-field=1`;

describe("over REST, each caller reaches exactly the routes declared for them", () => {
  let shop: Shop;
  const callers = new Map<string, Rights & { readonly token: string | undefined }>();

  beforeAll(async () => {
    shop = await startShop();
    const everything = { kind: "user", permissions: everyPermission, verified: true } as const;
    const people = Object.fromEntries(
      await Promise.all(roleNames.map(async (role) => [role, await newPerson(shop, role)] as const)),
    ) as Record<Role, Person>;
    callers.set("guest", { kind: "guest", permissions: [], verified: false, token: undefined });
    for (const role of roleNames)
      callers.set(role, { ...everything, permissions: roles[role], token: people[role].token });
    for (const permission of everyPermission) {
      const { key } = await newApiKey(shop, people.administrator, [permission]);
      callers.set(`key for ${permission}`, {
        kind: "key",
        permissions: [permission],
        verified: false,
        token: key,
      });
    }
    const whole = await newApiKey(shop, people.administrator, everyPermission);
    callers.set("key for everything", {
      kind: "key",
      permissions: everyPermission,
      verified: false,
      token: whole.key,
    });

    const founder = await newPerson(shop);
    const merchantId = await newMerchant(shop, founder);
    for (const role of merchantRoleNames) {
      const member = role === "owner" ? founder : await verifiedPerson(shop);
      if (member !== founder) await join(shop, merchantId, member, role);
      callers.set(`${role} of a merchant`, {
        ...everything,
        permissions: [],
        ofMember: merchantRoles[role],
        token: (await logIn(shop, member.email)).token,
      });
    }

    const traffic = new ShopTraffic(shop.broker, Math.random);
    const [variantId = ""] = await traffic.stock(1);
    const { orderToken } = await orderAsGuest(traffic, `${newId()}@example.org`, variantId);
    callers.set("bearer of an order's token", {
      kind: "order",
      permissions: [],
      verified: false,
      token: orderToken,
    });

    const longAgo = await Promise.all([
      logIn(shop, people.customer.email),
      logIn(shop, people.administrator.email),
    ]);
    await verifiedLongAgo(longAgo);
    callers.set("customer who logged in long ago", {
      ...everything,
      permissions: [],
      verified: false,
      token: longAgo[0].token,
    });
    callers.set("administrator who logged in long ago", {
      ...everything,
      verified: false,
      token: longAgo[1].token,
    });

    const nobody = { kind: "nobody", permissions: [], verified: false } as const;
    const revoked = await newApiKey(shop, people.administrator, everyPermission);
    await shop.call("users.api-keys.revoke", { id: revoked.id });
    callers.set("key that was revoked", { ...nobody, token: revoked.key });
    const gone = await logIn(shop, people.administrator.email);
    await sendHttp(shop.url, { method: "POST", path: "/api/v1/auth/logout", token: gone.token });
    callers.set("administrator who logged out", { ...nobody, token: gone.token });
    const disabled = await newPerson(shop, "administrator");
    const { version } = await shop.call("users.get", { id: disabled.userId });
    await shop.call("users.update", { id: disabled.userId, status: "disabled", expectedVersion: version });
    callers.set("administrator who was disabled", { ...nobody, token: disabled.token });
  }, 600_000);
  afterAll(() => shop?.stop());

  /** Moves the sessions' last authentication into the past. */
  async function verifiedLongAgo(people: readonly Person[]): Promise<void> {
    const { database } = shop.broker.getLocalService("users") as Service & ServiceWithDatabase;
    const ids = people.map(
      ({ token }) =>
        (JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sid: string }).sid,
    );
    const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
    await database.transaction(origin, (tx) =>
      database.execute(
        "UPDATE sessions SET verified_at = ? WHERE id IN (?)",
        [Date.now() - stepUpMs, ids],
        tx,
      ),
    );
  }

  test("every caller on every route", async () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const endpoint of endpoints)
      for (const [name, { token, ...rights }] of callers) {
        const answer = await sendHttp(shop.url, {
          method: endpoint.route.method,
          path: pathOf(endpoint),
          token,
        });
        const refusal = problemIn(answer);
        const expected = refusalOf(endpoint, rights);
        tried += 1;
        const isLetIn =
          answer.status >= 400 &&
          answer.status < 500 &&
          !["unauthenticated", "forbidden", "step-up-required"].includes(refusal ?? "");
        if (expected ? refusal !== expected : !isLetIn)
          wrong.push(
            `${endpoint.action} as ${name}: ${answer.status} ${refusal}, not ${expected ?? "let in"}`,
          );
      }
    process.stdout.write(`${tried} requests of ${callers.size} callers to ${endpoints.length} routes\n`);
    expect(wrong).toEqual([]);
  }, 600_000);

  test("the gateway has the routes that contracts declare, its own pages, and nothing else", () => {
    const { router } = shop.broker.getLocalService("api") as Service & { router: Router<Alias> };
    const given = router.aliases.map(
      ({ method, fullPath }) => `${method} ${fullPath.replaceAll(/:\w+/g, "{}")}`,
    );
    const declared = endpoints.map(
      ({ route, path }) => `${route.method} ${path.replaceAll(/\{\w+\}/g, "{}")}`,
    );
    const pages = given.filter((route) => !declared.includes(route));
    expect(declared.filter((route) => !given.includes(route))).toEqual([]);
    // A new page must be listed as public explicitly.
    expect(pages.sort()).toEqual(publicPages);
  });

  test("no action is reached by its name, whatever the framework would make of it", async () => {
    const names = allContracts.flatMap(({ name, actions }) =>
      Object.keys(actions).map((key) => `${name}.${key}`),
    );
    const foreign = [
      "$node.list",
      "$node.services",
      "$node.actions",
      "$node.options",
      "api.rest",
      "api.listAliases",
      "api.addRoute",
    ];
    const wrong: string[] = [];
    for (const name of [...names, ...foreign])
      for (const path of [
        `/${name}`,
        `/${name.replaceAll(".", "/")}`,
        `/api/${name.replaceAll(".", "/")}`,
        `/api/v1/${name}`,
        `/api/v1/~${name.replaceAll(".", "/")}`,
      ])
        for (const method of ["GET", "POST"]) {
          const { status } = await sendHttp(shop.url, {
            method,
            path,
            token: callers.get("administrator")?.token,
          });
          if (status !== 404 && status !== 405) wrong.push(`${method} ${path}: ${status}`);
        }
    expect(wrong).toEqual([]);
  });
});

/** The gateway's own pages, which are public. */
const publicPages = [
  "GET /",
  "GET /api",
  "GET /asyncapi.json",
  "GET /docs",
  "GET /docs/explorer.css",
  "GET /docs/explorer.js",
  "GET /docs/favicon-32x32.png",
  "GET /docs/swagger-ui-bundle.js",
  "GET /docs/swagger-ui.css",
  "GET /health/live",
  "GET /health/ready",
  "GET /media/{}/{}/{}",
  "GET /openapi.json",
  "GET /problems",
  "GET /problems/{}",
];
