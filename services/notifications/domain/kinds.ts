/** How customers are told. The inbox is `GET /me/notifications`. */
export const channels = ["mail", "sms", "inbox"] as const;
export type Channel = (typeof channels)[number];
/** Those that deliver to somewhere else; each delivery is a row. */
export const outwardChannels = ["mail", "sms"] as const;
export type OutwardChannel = (typeof outwardChannels)[number];

/**
 * What a variable of a template is. `list` has items with variables of their own; `localized` is a text by
 * language; `url` may stand in an attribute.
 */
export type VariableType = "text" | "localized" | "money" | "time" | "url" | Variables;
export interface Variables {
  readonly [name: string]: VariableType;
}

/** What a kind is about: its group decides what customers can silence. */
export type Group = "order" | "after-sale" | "security" | "favourite";

export interface Kind {
  readonly group: Group;
  /** Offered by SMS, to customers who switch it on. */
  readonly bySms: boolean;
  /** Path on the shop's own pages; `{id}` is the id of the subject. */
  readonly page: `/${string}`;
  readonly variables: Variables;
}

const money = "money";
const number = { number: "text" } as const;
const order = { group: "order", bySms: false, page: "/orders/{id}" } as const;
const afterSale = {
  group: "after-sale",
  bySms: false,
  page: "/after-sales/{id}",
  variables: number,
} as const;
const security = { group: "security", page: "/account/security" } as const;
const favourite = { group: "favourite", bySms: false, page: "/products/{id}" } as const;
const withSms = { bySms: true } as const;

/** All kinds of notifications. Every template of a kind knows its variables and `commonVariables`, no others. */
export const kinds = {
  "order-placed": {
    ...order,
    variables: { ...number, total: money, lines: { name: "text", quantity: "text", price: money } },
  },
  "order-paid": { ...order, variables: { ...number, amount: money } },
  "order-shipped": {
    ...order,
    ...withSms,
    variables: { ...number, carrier: "text", trackingNumber: "text" },
  },
  "order-delivered": { ...order, ...withSms, variables: number },
  "order-refunded": { ...order, ...withSms, variables: { ...number, amount: money } },
  "after-sale-approved": { ...afterSale, variables: { ...number, amount: money } },
  "after-sale-rejected": afterSale,
  "after-sale-received": afterSale,
  "after-sale-refunded": { ...afterSale, variables: { ...number, amount: money } },
  "after-sale-replaced": afterSale,
  "after-sale-closed": afterSale,
  "after-sale-message": afterSale,
  "new-sign-in": { ...security, ...withSms, variables: { device: "text", address: "text" } },
  "new-api-key": { ...security, bySms: false, variables: { name: "text" } },
  "price-fell": { ...favourite, variables: { product: "localized", before: money, price: money } },
  "back-in-stock": { ...favourite, variables: { product: "localized", price: money } },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as [KindName, ...KindName[]];

export function kindOf(name: KindName): Kind {
  return kinds[name];
}

/** Kinds of this sort wait for quiet hours, and every mail has a link to unsubscribe. */
export function isOptional(name: KindName): boolean {
  return kinds[name].group === "favourite";
}

/** Mail of these kinds cannot be switched off: the law, or the account's safety, wants it to be sent. */
export function isMailFixed(name: KindName): boolean {
  const { group } = kinds[name];
  return group === "order" || group === "security";
}

/** Variables of every kind; `url` is absent without `SHOP_URL`, `unsubscribeUrl` where a kind is not optional. */
export const commonVariables = {
  shop: "text",
  customer: "text",
  time: "time",
  url: "url",
  unsubscribeUrl: "url",
} as const satisfies Variables;

export function variablesOf(name: KindName): Variables {
  return { ...commonVariables, ...kinds[name].variables };
}
