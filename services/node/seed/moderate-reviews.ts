import { callerOf } from "./accounts.ts";
import { rejected, spam } from "./data/reviews.ts";
import type { DemoShop } from "./demo-shop.ts";
import type { Customer } from "./seed-customers.ts";
import type { Written } from "./seed-reviews.ts";

/** What waits for the staff: a report, a review that reports have hidden, and one that was rejected and changed. */
export async function moderateReviews(
  shop: DemoShop,
  reviews: readonly Written[],
  customers: readonly Customer[],
): Promise<void> {
  if (shop.config.reviews.moderation === "before") return;
  const [praise, second] = reviews.filter(({ stars }) => stars === 5).toReversed();
  const complaint = reviews.find(({ stars }) => stars === 1);
  if (second) await report(second, 1, shop, customers);
  if (praise) {
    const text = shop.text(spam, praise.author.locale);
    await shop.call("reviews.own.update", { id: praise.id, text }, callerOf(praise.author.account));
    await report(praise, shop.config.reviews.hidingReports, shop, customers);
  }
  if (complaint) await rejectAndChange(complaint, shop);
}

async function report(
  { id, author }: Written,
  times: number,
  shop: DemoShop,
  customers: readonly Customer[],
): Promise<void> {
  const others = customers.filter((customer) => customer !== author);
  for (const { account } of others.slice(0, times))
    await shop.call("reviews.reports.create", { id, reason: "spam" }, callerOf(account));
}

async function rejectAndChange({ id, author }: Written, shop: DemoShop): Promise<void> {
  const as = callerOf(author.account);
  const [before, after] = rejected;
  const { version } = await shop.call(
    "reviews.own.update",
    { id, text: shop.text(before, author.locale) },
    as,
  );
  await shop.call("reviews.moderation.decide", {
    id,
    decision: "reject",
    reason: "It names where someone lives",
    expectedVersion: version,
  });
  await shop.call("reviews.own.update", { id, text: shop.text(after, author.locale) }, as);
}
