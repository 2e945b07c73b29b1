import { mailIn, tokenIn } from "../support/mailbox.ts";
import { totpCode, totpStep } from "../../services/users/domain/totp.ts";
import { createFixtures, pathParametersOf } from "../support/fixtures.ts";
import { logIn, newPerson, testPassword } from "../support/people.ts";
import type { Person } from "../support/people.ts";
import { blackPng } from "../support/images/hostile-images.ts";
import type { Fixtures } from "../support/fixtures.ts";
import { restClient } from "../support/rest-client.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import type { FuzzOptions } from "./fuzz.ts";
import type { Existing, Sender } from "./world.ts";

export type ShopToFuzz = Required<Omit<FuzzOptions, "seed" | "requests" | "concurrency">> & {
  readonly shop: Shop;
};

/** A separate shop with contract checks, a catalogue, and without rate limits. */
export async function shopToFuzz(): Promise<ShopToFuzz> {
  const shop = await startShop({ env: { LOG_LEVEL: "fatal", MAX_EVENT_LOOP_DELAY_MS: "60000" } });
  await shop.call("catalog.demo.seed", {});
  const seen = new Set<string>();
  // What takes many steps to come to: orders that were delivered, reviews, requests for after-sale service.
  const world = await createFixtures(shop);
  let customer: Person = world.owner;
  let administrator: Person = world.staff;
  let isFirst = true;
  return {
    shop,
    url: shop.url,
    known: { password: testPassword, currentPassword: testPassword },
    derived(answer) {
      const [, secret] = /"secret":"([A-Z2-7]+)"/.exec(answer) ?? [];
      return secret === undefined ? {} : { code: totpCode(secret, totpStep(Date.now())) };
    },
    existing: existingOf(world),
    files: { "image/png": blackPng(2, 2) },
    // New accounts, where requests have broken the previous ones.
    async signIn() {
      const before = customer;
      if (!isFirst) {
        customer = await logIn(shop, customer.email).catch(() => newPerson(shop));
        administrator = await logIn(shop, administrator.email)
          .then(async (person) => {
            await restClient(shop, person)("GET", "/users");
            return person;
          })
          .catch(() => newPerson(shop, "administrator"));
      }
      isFirst = false;
      return {
        tokens: { customer: customer.token, administrator: administrator.token },
        isNewCustomer: customer.userId !== before.userId,
      };
    },
    async mailed() {
      const letters = (await mailIn(shop.dataDir)).filter(
        ({ messageId, text }) => !seen.has(messageId) && /[\w-]{43}$/m.test(text),
      );
      for (const { messageId } of letters) seen.add(messageId);
      return letters.map(tokenIn);
    },
  };
}

/** What one of the fixtures' owner and staff have, with the ids of what contains it. */
function existingOf({ byPathParameter, ofMerchant }: Fixtures): Existing[] {
  const valuesOf = (places: Fixtures["ofMerchant"], shape: string) =>
    pathParametersOf(shape).map((place) => places[place]?.[0] ?? byPathParameter[place]?.[0]);
  const whole = (places: Fixtures["ofMerchant"], sender: Sender) =>
    Object.keys(places).flatMap((place) => {
      const values = valuesOf(places, place).filter((value) => value !== undefined);
      const isWhole = values.length === pathParametersOf(place).length;
      return isWhole ? [{ shape: `/api/v1${place}`, values, sender }] : [];
    });
  const own = Object.entries(byPathParameter).filter(
    (entry): entry is [string, readonly string[]] => entry[1] !== null,
  );
  return [...whole(ofMerchant, "administrator"), ...whole(Object.fromEntries(own), "customer")];
}
