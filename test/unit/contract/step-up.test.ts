import { describe, expect, test } from "@jest/globals";
import type { ActionContract } from "../../../mixins/contract/contract.ts";
import { knownPassword, phoneCode, secondFactor } from "../../../services/users/contract/fields.ts";
import { allContracts } from "../../support/all-contracts.ts";

const actions = allContracts.flatMap(({ name, actions: declared }) =>
  Object.entries<ActionContract>(declared).map(([key, contract]) => [`${name}.${key}`, contract] as const),
);
const withRoute = actions.filter(([, { access, route }]) => access !== "internal" && route);

/** Damage that a call in an unlocked session can do; only some of it requires step-up. */
const asks = {
  rights: true,
  money: false,
  "for ever": true,
  "takes away": false,
  "daily work": false,
  own: false,
} as const;

/** Every action by which staff change data; a new one must be classified here. */
const ofStaff: Readonly<Record<string, keyof typeof asks>> = {
  "users.update": "rights",
  "users.roles.create": "rights",
  "users.roles.update": "rights",
  "users.roles.remove": "rights",
  "users.api-keys.create": "rights",
  // The password alone opens the account afterwards.
  "users.two-factor.reset": "rights",
  "users.api-keys.revoke": "takes away",
  "users.signing-keys.withdraw": "for ever",
  "users.guests.delete": "for ever",
  "orders.refunds.record": "money",
  // One of two consents, without an effect of its own.
  "orders.approvals.approve": "rights",
  "orders.refunds.retry": "money",
  "after-sales.answers.approve": "money",
  "after-sales.answers.receive": "money",
  "after-sales.answers.decide": "money",
  "after-sales.answers.reject": "daily work",
  "after-sales.answers.replace": "daily work",
  "after-sales.messages.add": "daily work",
  "after-sales.messages.images.add": "daily work",
  "after-sales.tasks.cancel": "takes away",
  "orders.returns.record": "money",
  "orders.cancel": "money",
  "orders.payments.record": "money",
  "settlements.payouts.create": "money",
  "settlements.payouts.settle": "money",
  "settlements.balances.adjust": "money",
  // Where money goes, like a right.
  "settlements.payout-accounts.put": "rights",
  "notifications.templates.preview": "daily work",
  "notifications.templates.put": "daily work",
  "orders.shipments.create": "daily work",
  "orders.shipments.update": "daily work",
  "orders.coupons.create": "money",
  "orders.coupons.update": "money",
  "orders.coupons.remove": "takes away",
  "shipping.zones.create": "daily work",
  "shipping.zones.update": "daily work",
  "shipping.zones.remove": "takes away",
  "shipping.methods.create": "daily work",
  "shipping.methods.update": "daily work",
  "shipping.methods.remove": "takes away",
  "catalog.categories.create": "daily work",
  "catalog.categories.update": "daily work",
  "catalog.categories.remove": "daily work",
  "catalog.categories.images.add": "daily work",
  "catalog.categories.images.update": "daily work",
  "catalog.categories.images.remove": "daily work",
  "catalog.attributes.create": "daily work",
  "catalog.attributes.update": "daily work",
  "catalog.attributes.remove": "daily work",
  "catalog.types.create": "daily work",
  "catalog.types.update": "daily work",
  "catalog.types.remove": "daily work",
  "catalog.brands.create": "daily work",
  "catalog.brands.update": "daily work",
  "catalog.brands.remove": "daily work",
  "catalog.brands.images.add": "daily work",
  "catalog.brands.images.update": "daily work",
  "catalog.brands.images.remove": "daily work",
  "catalog.collections.create": "daily work",
  "catalog.collections.update": "daily work",
  "catalog.collections.arrange": "daily work",
  "catalog.collections.remove": "daily work",
  "catalog.collections.images.add": "daily work",
  "catalog.collections.images.update": "daily work",
  "catalog.collections.images.remove": "daily work",
  "catalog.synonyms.create": "daily work",
  "catalog.synonyms.update": "daily work",
  "catalog.synonyms.remove": "daily work",
  "catalog.pins.create": "daily work",
  "catalog.pins.update": "daily work",
  "catalog.pins.remove": "daily work",
  "catalog.products.create": "daily work",
  "catalog.products.update": "daily work",
  "catalog.products.remove": "daily work",
  "catalog.products.relate": "daily work",
  "catalog.products.images.add": "daily work",
  "catalog.products.images.update": "daily work",
  "catalog.products.images.remove": "daily work",
  "catalog.products.sort-in": "daily work",
  "catalog.merchant-categories.create": "daily work",
  "catalog.merchant-categories.update": "daily work",
  "catalog.merchant-categories.remove": "daily work",
  "catalog.variants.create": "daily work",
  "catalog.variants.update": "daily work",
  "catalog.variants.remove": "daily work",
  "catalog.stock.change": "daily work",
  "catalog.imports.start": "daily work",
  "catalog.exports.start": "daily work",
  "catalog.feeds.start": "daily work",
  "catalog.search-index.rebuild": "daily work",
  "catalog.tasks.cancel": "takes away",
  "statistics.tasks.cancel": "takes away",
  "statistics.rebuilds.start": "daily work",
  "reviews.replies.answer": "daily work",
  // Can be decided the other way.
  "reviews.moderation.decide": "daily work",
  "reviews.moderation.decide-reply": "daily work",
  "reviews.tasks.cancel": "takes away",
  "merchants.update": "daily work",
  // The trader's products are on sale afterwards.
  "merchants.approve": "rights",
  "merchants.reject": "for ever",
  "merchants.suspend": "takes away",
  "merchants.resume": "rights",
  "merchants.close": "for ever",
  "merchants.logo.set": "daily work",
  "merchants.logo.remove": "daily work",
  "merchants.members.invite": "rights",
  "merchants.members.update": "rights",
  "merchants.members.remove": "takes away",
  "merchants.invitations.withdraw": "takes away",
  "merchants.terms.set": "money",
  "merchants.tasks.cancel": "takes away",
  // It reads.
  "audit.exports.start": "daily work",
  "audit.tasks.cancel": "takes away",
  // Whoever gets the events, or signs them, learns or tells what happens in the shop.
  "webhooks.create": "rights",
  "webhooks.update": "rights",
  "webhooks.rotate-secret": "rights",
  "webhooks.remove": "takes away",
  "webhooks.test": "daily work",
  "webhooks.deliveries.retry": "daily work",
  "webhooks.replay": "daily work",
  "users.tasks.cancel": "takes away",
};

/** Actions on the user's own account that require re-authentication. */
const ofOwners: readonly string[] = [
  "users.me.delete",
  "users.two-factor.begin",
  "users.two-factor.confirm",
  "users.two-factor.renew-codes",
  "users.two-factor.disable",
  // The number logs in afterwards.
  "users.phone-verifications.request",
  "users.phone-verifications.confirm",
  "users.phone.remove",
];

describe("step-up", () => {
  const changes = withRoute.filter(
    ([, { access, route }]) =>
      typeof access === "object" && !("buyerOf" in access) && route?.method !== "GET",
  );

  test("every action by which staff change something is judged, and no other", () => {
    expect(Object.keys(ofStaff).sort()).toEqual(changes.map(([name]) => name).sort());
  });

  test.each(changes)(
    "%s asks for it if it gives away rights or money, or cannot be undone",
    (name, { stepUp = false, movesMoney = false }) => {
      const kind = ofStaff[name] ?? "own";
      // Money movements require it of staff, not of owners.
      expect({ name, stepUp, movesMoney }).toEqual({
        name,
        stepUp: asks[kind],
        movesMoney: kind === "money",
      });
    },
  );

  test("for own accounts, changes of credentials require it, and reads do not", () => {
    const others = withRoute
      .filter(([name, { stepUp }]) => stepUp && !(name in ofStaff))
      .map(([name]) => name);
    expect(others.sort()).toEqual([...ofOwners].sort());
    expect(withRoute.filter(([, { stepUp, route }]) => stepUp && route?.method === "GET")).toEqual([]);
  });
});

describe("guessing", () => {
  /** True when the action receives a guessable secret. */
  const takesSecret = ({ params }: ActionContract) => {
    const shape =
      "shape" in params ? Object.values(params.shape as Record<string, { unwrap?: () => unknown }>) : [];
    const secrets: readonly unknown[] = [knownPassword, phoneCode, secondFactor];
    return shape.some((field) => {
      // `describe` wraps the schema, so the inner one is compared too.
      const inner = field.unwrap?.() ?? field;
      return secrets.includes(inner) || secrets.some((secret) => isSame(inner, secret));
    });
  };
  const guessable = withRoute.filter(([, contract]) => takesSecret(contract));

  test("there are routes that take passwords and codes", () => {
    expect(guessable.map(([name]) => name).sort()).toEqual([
      "users.login",
      "users.login.by-phone-code",
      "users.login.finish",
      "users.me.email.change",
      "users.me.password.change",
      "users.phone-verifications.confirm",
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
