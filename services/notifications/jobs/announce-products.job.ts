import type { Result } from "../../../mixins/contract/calls.ts";
import type { JobContext } from "../../../mixins/service/jobs.ts";
import type { Announcement } from "../data/announcement-repository.ts";
import { isWanted, noPreferences } from "../domain/preferences.ts";
import { customerRecipient } from "../domain/recipient.ts";
import type { Values } from "../domain/values.ts";
import type { NotificationsDependencies } from "../notifications.dependencies.ts";
import { job } from "../notifications.dependencies.ts";
import { channelsOf } from "../notify.ts";

const batch = 10;
/** Customers in one transaction. */
const perPage = 200;
/** Longer than a page can take; renewed with each. */
const leaseMs = 60_000;

type Product = Result<"catalog.products.lookup">[number];

/**
 * Tells all who keep a product as a favourite of its news, page by page in the order of customers. A page and the
 * place behind it commit together: a node that is killed leaves the rest to another one, and nobody is told twice.
 */
export const announceProducts = job({
  name: "announce-products",
  once: "node",
  every: ({ sweepIntervalMs }) => sweepIntervalMs,
  async run(context, dependencies) {
    let claimed: readonly Announcement[];
    do {
      claimed = await context.transaction((tx) =>
        dependencies.announcements.claim(Date.now(), leaseMs, batch, tx),
      );
      for (const announcement of claimed) await announce(announcement, context, dependencies);
    } while (claimed.length === batch);
  },
});

async function announce(
  claimed: Announcement,
  context: JobContext,
  dependencies: NotificationsDependencies,
): Promise<void> {
  const first = await pageOf(claimed, context);
  const values = first.items.length > 0 ? await valuesOf(claimed, context, dependencies) : undefined;
  if (values && !(await tellAll(claimed, first, values, context, dependencies))) return;
  await context.transaction((tx) => dependencies.announcements.end(claimed, tx));
}

type Owners = Result<"favourites.owners.list">;

async function pageOf({ productId, toldTo }: Announcement, { call }: JobContext): Promise<Owners> {
  const after = toldTo === "" ? {} : { after: toldTo };
  return call("favourites.owners.list", { productId, limit: perPage, ...after });
}

/** @returns false when another node goes on */
async function tellAll(
  claimed: Announcement,
  first: Owners,
  values: NewsValues,
  context: JobContext,
  dependencies: NotificationsDependencies,
): Promise<boolean> {
  let [announcement, page] = [claimed, first];
  while (page.last !== null) {
    const { items, last } = page;
    if (!(await tellPage(announcement, { items, last }, values, context, dependencies))) return false;
    announcement = { ...announcement, toldTo: last };
    page = await pageOf(announcement, context);
  }
  return true;
}

/** @returns false when another node has told the page */
async function tellPage(
  announcement: Announcement,
  { items, last }: { readonly items: Owners["items"]; readonly last: string },
  values: NewsValues,
  { transaction }: JobContext,
  { announcements, notifications, preferences }: NotificationsDependencies,
): Promise<boolean> {
  const { id: sourceId, kind, productId: subjectId, occurredAt } = announcement;
  const interested = items.filter(({ priceWhenAdded }) => values.isNewsFor(priceWhenAdded));
  const ids = interested.map(({ ownerId }) => ownerId);
  return transaction(async (tx) => {
    if (!(await announcements.moveOn(announcement, last, Date.now() + leaseMs, tx))) return false;
    const chosen = await preferences.ofMany(ids, tx);
    const tellings = ids.map((id) => ({
      recipient: customerRecipient(id),
      inInbox: isWanted(kind, "inbox", chosen.get(id) ?? noPreferences),
    }));
    const news = { sourceId, kind, subjectId, values: values.values, occurredAt };
    await notifications.addAll(news, tellings, channelsOf(kind), Date.now(), tx);
    return true;
  });
}

interface NewsValues {
  readonly values: Values;
  /** Whether it is news for a customer who added the product at this price (minor units). */
  readonly isNewsFor: (priceWhenAdded: number | null) => boolean;
}

/** What is told, as the product is now; undefined when that is not true any more. */
async function valuesOf(
  { kind, productId, priceBefore }: Announcement,
  { call }: JobContext,
  { locales, settings }: NotificationsDependencies,
): Promise<NewsValues | undefined> {
  const byLocale: Record<string, string> = {};
  let product: Product | undefined;
  for (const locale of locales.all) {
    const chosen = locale === locales.default ? {} : { locale };
    const [found] = await call("catalog.products.lookup", { ids: [productId], ...chosen });
    product ??= found;
    if (found) byLocale[locale] = found.name;
  }
  if (!product?.priceFrom) return undefined;
  const price = product.priceFrom;
  const values = { product: { byLocale }, price };
  if (kind === "back-in-stock") return product.inStock ? { values, isNewsFor: () => true } : undefined;
  if (priceBefore === null || price.amount >= priceBefore) return undefined;
  const before = { amount: priceBefore, currency: settings.currency };
  // For those who added it when it cost less still, it is none.
  return {
    values: { ...values, before },
    isNewsFor: (added) => added === null || price.amount < added,
  };
}
