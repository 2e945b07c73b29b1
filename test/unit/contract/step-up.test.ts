import { describe, expect, test } from "@jest/globals";
import type { ActionContract } from "../../../services/contract/contract.ts";
import { allContracts } from "../../../services/contracts.ts";
import { knownPassword, secondFactor } from "../../../services/users/contract/fields.ts";

const actions = allContracts.flatMap(({ name, actions: declared }) =>
  Object.entries<ActionContract>(declared).map(([key, contract]) => [`${name}.${key}`, contract] as const),
);
const withRoute = actions.filter(([, { access, route }]) => access !== "internal" && route);

/** What one call can do for whoever finds a session open; only some of it asks for step-up. */
const asks = { rights: true, money: true, "for ever": true, "takes away": false, "daily work": false, own: false } as const;

/** Every action by which staff change something. A new one is judged before it is there. */
const ofStaff: Readonly<Record<string, keyof typeof asks>> = {
  "users.update": "rights",
  "users.roles.create": "rights",
  "users.roles.update": "rights",
  "users.roles.remove": "rights",
  "users.api-keys.create": "rights",
  // The account is open to whoever has its password then.
  "users.two-factor.reset": "rights",
  "users.api-keys.revoke": "takes away",
  "users.signing-keys.withdraw": "for ever",
  "orders.refunds.record": "money",
  // What was decided before is asked for again; what comes back is what was sent.
  "orders.refunds.retry": "daily work",
  "orders.returns.record": "daily work",
  "orders.cancel": "daily work",
  "orders.payments.record": "daily work",
  "orders.shipments.create": "daily work",
  "orders.shipments.update": "daily work",
  "orders.coupons.create": "daily work",
  "orders.coupons.update": "daily work",
  "orders.coupons.remove": "takes away",
  "catalog.categories.create": "daily work",
  "catalog.categories.update": "daily work",
  "catalog.categories.remove": "daily work",
  "catalog.products.create": "daily work",
  "catalog.products.update": "daily work",
  "catalog.products.remove": "daily work",
  "catalog.variants.create": "daily work",
  "catalog.variants.update": "daily work",
  "catalog.variants.remove": "daily work",
  "catalog.stock.change": "daily work",
  "catalog.imports.start": "daily work",
  "catalog.exports.start": "daily work",
  "catalog.tasks.cancel": "takes away",
  // It reads.
  "audit.exports.start": "daily work",
  "audit.tasks.cancel": "takes away",
};

/** What users do with their own accounts, and must be asked again for who they are. */
const ofOwners: readonly string[] = [
  "users.me.delete",
  "users.two-factor.begin",
  "users.two-factor.confirm",
  "users.two-factor.renew-codes",
  "users.two-factor.disable",
];

describe("step-up", () => {
  const changes = withRoute.filter(([, { access, route }]) => typeof access === "object" && route?.method !== "GET");

  test("every action by which staff change something is judged, and no other", () => {
    expect(Object.keys(ofStaff).sort()).toEqual(changes.map(([name]) => name).sort());
  });

  test.each(changes)("%s asks for it if it gives away rights or money, or cannot be undone", (name, { stepUp = false }) => {
    expect({ name, stepUp }).toEqual({ name, stepUp: asks[ofStaff[name] ?? "own"] });
  });

  test("of what is one's own, what changes how one is known asks for it, and reading never does", () => {
    const others = withRoute.filter(([name, { stepUp }]) => stepUp && !(name in ofStaff)).map(([name]) => name);
    expect(others.sort()).toEqual([...ofOwners].sort());
    expect(withRoute.filter(([, { stepUp, route }]) => stepUp && route?.method === "GET")).toEqual([]);
  });
});

describe("guessing", () => {
  /** Whether the action is given what someone might guess. */
  const takesSecret = ({ params }: ActionContract) => {
    const shape = "shape" in params ? Object.values(params.shape as Record<string, { unwrap?: () => unknown }>) : [];
    const secrets: readonly unknown[] = [knownPassword, secondFactor];
    return shape.some((field) => {
      // `describe` makes another schema of the same kind: what it is made of is asked for as well.
      const inner = field.unwrap?.() ?? field;
      return secrets.includes(inner) || secrets.some((secret) => isSame(inner, secret));
    });
  };
  const guessable = withRoute.filter(([, contract]) => takesSecret(contract));

  test("there are routes that take passwords and codes", () => {
    expect(guessable.map(([name]) => name).sort()).toEqual([
      "users.login",
      "users.login.finish",
      "users.me.email.change",
      "users.me.password.change",
      "users.step-up",
      "users.two-factor.confirm",
    ]);
  });

  test.each(guessable)("%s is slowed down", (name, { route }) => {
    // A challenge is good for five tries, and there is a new one for the right password only.
    if (name === "users.login.finish") return;
    expect(route?.guesses).toBeDefined();
  });
});

function isSame(one: unknown, other: unknown): boolean {
  const checksOf = (schema: unknown) => (schema as { def?: { checks?: unknown } }).def?.checks;
  return checksOf(one) !== undefined && checksOf(one) === checksOf(other);
}
