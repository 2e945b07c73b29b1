/** State of the databases of the mall's services. Times are milliseconds, amounts minor units. */
export interface MallState {
  /** Parts of orders. */
  readonly parts: readonly {
    readonly id: string;
    readonly orderId: string;
    readonly receivedAt: number | null;
  }[];
  readonly afterSales: readonly {
    readonly id: string;
    readonly orderId: string;
    readonly key: string;
    readonly kind: string;
  }[];
  readonly afterSaleSteps: readonly { readonly afterSaleId: string; readonly step: string }[];
  readonly reviews: readonly ReviewRow[];
  readonly votes: readonly { readonly reviewId: string; readonly userId: string; readonly value: number }[];
  readonly favourites: readonly { readonly userId: string; readonly productId: string }[];
  readonly followers: readonly { readonly userId: string; readonly merchantId: string }[];
  readonly merchants: readonly MerchantRow[];
  readonly products: readonly ProductRow[];
  readonly payouts: readonly { readonly id: string; readonly key: string; readonly amount: number }[];
  readonly transfers: readonly { readonly id: string; readonly status: string }[];
}

interface ReviewRow {
  readonly id: string;
  readonly lineId: string;
  readonly productId: string;
  readonly merchantId: string | null;
  readonly rating: number;
}

interface MerchantRow {
  readonly id: string;
  readonly status: string;
  readonly followers: number;
}

interface ProductRow {
  readonly id: string;
  readonly favourites: number;
  readonly ratingCount: number;
  /** Hundredths of a star. */
  readonly ratingAverage: number;
}

export const mallQueries: { readonly [K in keyof MallState]: string } = {
  parts: "SELECT id, order_id AS orderId, received_at AS receivedAt FROM shop_orders.order_parts",
  afterSales:
    "SELECT id, order_id AS orderId, idempotency_key AS `key`, kind FROM shop_after_sales.after_sales",
  afterSaleSteps: "SELECT after_sale_id AS afterSaleId, step FROM shop_after_sales.after_sale_steps",
  reviews: `SELECT id, line_id AS lineId, product_id AS productId, merchant_id AS merchantId, rating
    FROM shop_reviews.reviews WHERE state = 'published'`,
  votes: "SELECT review_id AS reviewId, user_id AS userId, value FROM shop_reviews.review_votes",
  favourites: "SELECT owner_id AS userId, product_id AS productId FROM shop_favourites.favourites",
  followers: "SELECT user_id AS userId, merchant_id AS merchantId FROM shop_merchants.followers",
  merchants: "SELECT id, status, followers FROM shop_merchants.merchants",
  products: `SELECT id, favourites, rating_count AS ratingCount, rating_average AS ratingAverage
    FROM shop_catalog.products`,
  payouts: "SELECT id, idempotency_key AS `key`, amount FROM shop_settlements.payouts",
  transfers: "SELECT id, status FROM shop_settlements.transfers",
};
