import { drawPicture } from "../../catalog/demo/draw-picture.ts";
import { numberOf } from "../../catalog/demo/demo-mall.ts";
import { callerOf } from "./accounts.ts";
import { answers, followUps, questions, reviewTexts } from "./data/reviews.ts";
import { toneOf } from "./data/tone.ts";
import type { Texts } from "../../catalog/demo/demo-kind.ts";
import type { DemoShop } from "./demo-shop.ts";
import { sellerCaller } from "./place-order.ts";
import type { PlannedLine } from "./plan-orders.ts";
import type { Customer } from "./seed-customers.ts";
import type { Seller } from "./seed-merchants.ts";
import type { Trade } from "./seed-orders.ts";

/** A review that was written. */
export interface Written {
  readonly id: string;
  readonly author: Customer;
  readonly stars: number;
}

interface Purchase {
  readonly trade: Trade;
  readonly lineId: string;
  readonly productId: string;
  readonly merchantId: string | null;
  readonly planned: PlannedLine;
  /** The same in each shop. */
  readonly key: string;
}

/** Of a hundred buyers, how many give so many stars or more. */
const sharesOfStars = [
  [5, 45],
  [4, 70],
  [3, 83],
  [2, 91],
  [1, 100],
] as const;
const outOf = (key: string, every: number) => numberOf(key, every) === 0;

/** Reviews of most of what was received, with what others and the sellers make of them. */
export async function seedReviews(
  shop: DemoShop,
  trades: readonly Trade[],
  customers: readonly Customer[],
  sellers: ReadonlyMap<string, Seller>,
): Promise<Written[]> {
  const purchases = trades.flatMap(purchasesOf).filter(({ key }) => numberOf(`${key} writes`, 100) < 80);
  return shop.each("reviews", purchases, async (purchase) => {
    const review = await write(purchase, shop);
    await react(review, purchase, { shop, customers, sellers });
    return review;
  });
}

function purchasesOf(trade: Trade): Purchase[] {
  if (trade.planned.outcome !== "received") return [];
  return trade.planned.lines.flatMap((planned) => {
    const line = trade.order.lines.find(({ sku }) => sku === planned.variant.sku);
    if (!line) return [];
    const { id: lineId, productId, merchantId } = line;
    const key = `${trade.planned.number} ${planned.variant.sku}`;
    return [{ trade, lineId, productId, merchantId, planned, key }];
  });
}

async function write({ trade, lineId, productId, planned, key }: Purchase, shop: DemoShop): Promise<Written> {
  const { buyer } = trade;
  const as = callerOf(buyer.account);
  const share = numberOf(`${key} stars`, 100);
  const stars = sharesOfStars.find(([, upTo]) => share < upTo)?.[0] ?? 1;
  const texts = reviewTexts[planned.ware.department]?.[toneOf(stars)] ?? [];
  const text = outOf(`${key} silent`, 9) ? "" : said(texts, key, shop, buyer.locale);
  const isAnonymous = outOf(`${key} anonymous`, 6);
  // Until the reviews have heard that it was received.
  const { id } = await shop.eventually("not-found", () =>
    shop.call("reviews.create", { productId, lineId, rating: stars, text, isAnonymous }, as),
  );
  if (outOf(`${key} picture`, 8)) await addPicture(id, planned, shop, as);
  if (stars >= 4 && outOf(`${key} later`, 8))
    await shop.call("reviews.own.follow-up", { id, text: said(followUps, key, shop, buyer.locale) }, as);
  return { id, author: buyer, stars };
}

async function addPicture(
  id: string,
  { ware, variant }: PlannedLine,
  shop: DemoShop,
  as: ReturnType<typeof callerOf>,
): Promise<void> {
  const { picture } = ware.product;
  const colour = variant.options["colour"] ?? picture.colour;
  const svg = drawPicture({ ...picture, colour, seed: picture.seed + 7 });
  await shop.addPicture("reviews.own.images.add", { id, mediaType: "image/png" }, svg, as);
}

/** Where a shop publishes reviews after moderation only, there is nothing to react to. */
async function react(
  { id, author, stars }: Written,
  { merchantId, key }: Purchase,
  {
    shop,
    customers,
    sellers,
  }: {
    readonly shop: DemoShop;
    readonly customers: readonly Customer[];
    readonly sellers: ReadonlyMap<string, Seller>;
  },
): Promise<void> {
  if (shop.config.reviews.moderation === "before") return;
  const others = customers.filter((customer) => customer !== author);
  const readers = others.filter(({ number }) => outOf(`${key} reader ${number}`, 12));
  for (const { number, account } of readers) {
    const vote = outOf(`${key} vote ${number}`, 5) ? "down" : "up";
    await shop.call("reviews.votes.put", { id, vote }, callerOf(account));
  }
  const tone = toneOf(stars);
  if (tone !== "good" || outOf(`${key} answer`, 3)) {
    const text = said(answers[tone], key, shop, author.locale);
    await shop.call("reviews.replies.answer", { id, text }, sellerCaller(merchantId, sellers));
  }
  const [asking] = readers;
  if (asking && outOf(`${key} question`, 6)) {
    const [question, answer] = questions[numberOf(key, questions.length)] ?? [];
    if (!question || !answer) return;
    const { id: parentId } = await shop.call(
      "reviews.replies.create",
      { id, text: shop.text(question, asking.locale) },
      callerOf(asking.account),
    );
    const text = shop.text(answer, author.locale);
    await shop.call("reviews.replies.create", { id, parentId, text }, callerOf(author.account));
  }
}

function said(texts: readonly Texts[], key: string, shop: DemoShop, locale: string | null): string {
  const text = texts[numberOf(`${key} text`, Math.max(texts.length, 1))];
  return text ? shop.text(text, locale) : "";
}
