import { mailIn, tokenIn } from "../support/mailbox.ts";
import { totpCode, totpStep } from "../../services/users/domain/totp.ts";
import { createFixtures } from "../support/fixtures.ts";
import { newPerson, testPassword } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import type { FuzzOptions } from "./fuzz.ts";

export type ShopToFuzz = Required<Pick<FuzzOptions, "url" | "signIn" | "mailed" | "known" | "derived">> & {
  readonly shop: Shop;
};

/** A separate shop with contract checks, a catalogue, and without rate limits. */
export async function shopToFuzz(): Promise<ShopToFuzz> {
  const shop = await startShop({ env: { LOG_LEVEL: "fatal", MAX_EVENT_LOOP_DELAY_MS: "60000" } });
  await shop.call("catalog.demo.seed", {});
  const seen = new Set<string>();
  // What takes many steps to come to: orders that were delivered, reviews, requests for after-sale service.
  const world = await createFixtures(shop);
  let isFirst = true;
  return {
    shop,
    url: shop.url,
    known: { password: testPassword, currentPassword: testPassword },
    derived(answer) {
      const [, secret] = /"secret":"([A-Z2-7]+)"/.exec(answer) ?? [];
      return secret === undefined ? {} : { code: totpCode(secret, totpStep(Date.now())) };
    },
    // New accounts, since requests may have broken the previous ones.
    async signIn() {
      if (isFirst) {
        isFirst = false;
        return { customer: world.owner.token, administrator: world.staff.token };
      }
      const [customer, administrator] = await Promise.all([
        newPerson(shop),
        newPerson(shop, "administrator"),
      ]);
      return { customer: customer.token, administrator: administrator.token };
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
