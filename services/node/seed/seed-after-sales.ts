import type { Caller } from "../../../mixins/contract/caller.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { drawPicture } from "../../catalog/demo/draw-picture.ts";
import { callerOf } from "./accounts.ts";
import type { DemoAfterSale } from "./data/after-sales.ts";
import { afterSaleReasons, conversation } from "./data/after-sales.ts";
import type { DemoShop } from "./demo-shop.ts";
import { sellerCaller } from "./place-order.ts";
import type { Trade } from "./seed-orders.ts";
import type { Seller } from "./seed-merchants.ts";

interface Case {
  readonly id: string;
  readonly ends: DemoAfterSale["ends"];
  readonly asBuyer: Caller;
  /** Undefined: the shop itself. */
  readonly asSeller: Caller | undefined;
  readonly shop: DemoShop;
  readonly locale: string | null;
}

const parcel = { carrier: "Northern Post", trackingNumber: "N-RETURN-1" };

/** Requests for goods that were delivered, in each status. */
export async function seedAfterSales(
  shop: DemoShop,
  trades: readonly Trade[],
  sellers: ReadonlyMap<string, Seller>,
): Promise<number> {
  const asked = trades.flatMap((trade) => {
    const { afterSale } = trade.planned;
    return afterSale ? [{ ...trade, afterSale }] : [];
  });
  await shop.each("after-sales", asked, async ({ order, planned, buyer, afterSale }) => {
    const [line] = order.lines;
    const [wanted] = planned.lines;
    if (!line || !wanted) return;
    const { locale } = buyer;
    const { kind, reason, text, ends } = afterSale;
    const asBuyer = callerOf(buyer.account);
    const { id } = await shop.call(
      "after-sales.requests.create",
      {
        orderId: order.id,
        idempotencyKey: newId(),
        kind,
        reason,
        text: shop.text(text, locale),
        lines: [{ lineId: line.id, quantity: 1 }],
      },
      asBuyer,
    );
    const asSeller = sellerCaller(line.merchantId, sellers);
    const request = { id, ends, asBuyer, asSeller, shop, locale };
    if (ends === "requested" || ends === "disputed") {
      const picture = wanted.ware.product.picture;
      await talk(request, drawPicture({ ...picture, seed: picture.seed + 1 }));
    }
    await goOn(request);
  });
  return asked.length;
}

async function talk({ id, asBuyer, asSeller, shop, locale }: Case, svg: string): Promise<void> {
  const [fromBuyer, fromSeller] = conversation;
  await shop.addPicture("after-sales.images.add", { id, mediaType: "image/png" }, svg, asBuyer);
  await shop.call("after-sales.messages.add", { id, text: shop.text(fromBuyer, locale) }, asBuyer);
  await shop.call("after-sales.messages.add", { id, text: shop.text(fromSeller, locale) }, asSeller);
}

/** Takes a request to the status in which it is to be left. */
async function goOn(request: Case): Promise<void> {
  const { id, ends, asBuyer, asSeller, shop } = request;
  if (ends === "requested") return;
  if (ends === "withdrawn") {
    await shop.call("after-sales.requests.withdraw", { id }, asBuyer);
    return;
  }
  if (ends === "rejected" || ends === "disputed" || ends === "closed") return refuse(request);
  const approved = await shop.attempt("approval-required", () =>
    shop.call("after-sales.answers.approve", { id }, asSeller),
  );
  // A second person has to approve it first; or it is refunded by now, as the buyer keeps the goods.
  if (!approved || approved.kind === "refund-only" || ends === "approved") return;
  await shop.call("after-sales.requests.send-back", { id, ...parcel }, asBuyer);
  if (ends === "sent-back") return;
  await shop.call("after-sales.answers.receive", { id, restock: false }, asSeller);
  if (ends === "replaced") await shop.call("after-sales.answers.replace", { id, ...parcel }, asSeller);
}

/** Rejected by the seller, then disputed, then dismissed by staff. */
async function refuse({ id, ends, asBuyer, asSeller, shop, locale }: Case): Promise<void> {
  const reason = (key: keyof typeof afterSaleReasons) => shop.text(afterSaleReasons[key], locale);
  await shop.call("after-sales.answers.reject", { id, reason: reason("rejected") }, asSeller);
  if (ends === "rejected") return;
  await shop.call("after-sales.requests.escalate", { id, reason: reason("escalated") }, asBuyer);
  if (ends === "disputed") return;
  const dismissal = { decision: "dismiss", reason: reason("dismissed") } as const;
  await shop.call("after-sales.answers.decide", { id, ...dismissal });
}
