import moleculer from "moleculer";

/**
 * Catalogue of all client-visible errors (RFC 9457). The key is the last part of the problem's `type`
 * (`/problems/<key>`); responses carry status and title, the page behind the `type` link shows `meaning`.
 */
export const errorCatalogue = {
  moved: {
    status: 301,
    title: "Moved permanently",
    meaning:
      "The slug in the path was given up for another one; `Location` has the new address. The slug may be taken again by something else, so do not remember the redirect for longer than its `Cache-Control` says.",
  },
  "malformed-request": {
    status: 400,
    title: "Malformed request",
    meaning:
      "The body is not valid JSON, holds too many values or nests too deeply, the path or query is not valid UTF-8, a required header is missing, or `Host` is repeated.",
  },
  "idempotency-key-missing": {
    status: 400,
    title: "Idempotency-Key required",
    meaning:
      "Orders, payments, refunds and returns move money or goods. Send an `Idempotency-Key` (1 to 255 visible characters): new for each intent, the same for each retry of it.",
  },
  "invalid-signature": {
    status: 400,
    title: "Invalid signature",
    meaning:
      "The message was not signed with the shared secret, was modified in transit, or is too old. It had no effect.",
  },
  unauthenticated: {
    status: 401,
    title: "Authentication required",
    meaning:
      "The access token is missing, expired, revoked or was not issued by this shop. Log in or refresh, then send `Authorization: Bearer <token>`. The token of a guest's order has expired, or an account has claimed the order: log in, or have another link mailed by `POST /orders/access`.",
  },
  "invalid-credentials": {
    status: 401,
    title: "Invalid e-mail or password",
    meaning: "The response is the same whether the account exists or not.",
  },
  "second-factor-required": {
    status: 401,
    title: "Second factor required",
    meaning:
      "The password is correct. Send the `challenge` with a code of the authenticator app, or a recovery code, to `/auth/login/second-factor` within `expiresIn` seconds.",
  },
  "invalid-second-factor": {
    status: 401,
    title: "Invalid code",
    meaning:
      "The code is not the app's current one or was used before, or the challenge has expired or was tried too often. A challenge allows five attempts; after that log in again.",
  },
  "invalid-refresh-token": {
    status: 401,
    title: "Invalid refresh token",
    meaning:
      "The token is unknown, expired, revoked, or was used before. Reuse ends the whole session, because one of its two users may be a thief. Log in again.",
  },
  "step-up-required": {
    status: 401,
    title: "Re-authentication required",
    meaning:
      "The operation requires a password, or a second factor where one is enabled, given at most `maxAge` seconds ago. Send it to `/auth/step-up`, then retry with the same access token.",
  },
  forbidden: {
    status: 403,
    title: "Forbidden",
    meaning:
      "You are signed in, but your role lacks the permission that the API description names for this operation.",
  },
  "not-found": {
    status: 404,
    title: "Not found",
    meaning: "It does not exist, or it is not yours: the response does not tell which.",
  },
  "method-not-allowed": {
    status: 405,
    title: "Method not allowed",
    meaning: "The `Allow` header lists the methods of this path.",
  },
  "not-acceptable": {
    status: 406,
    title: "Not acceptable",
    meaning: "`available` lists the media types to choose from with the `Accept` header.",
  },
  "already-exists": {
    status: 409,
    title: "Already exists",
    meaning:
      "A unique value, such as a slug, a SKU or an e-mail address, is taken. `errors` names the field.",
  },
  "stock-shortage": {
    status: 409,
    title: "Insufficient stock",
    meaning:
      "Nothing was reserved. `shortages` lists each variant with the requested and the available quantity.",
  },
  "too-many-unpaid-orders": {
    status: 409,
    title: "Too many unpaid orders",
    meaning:
      "Pay or cancel earlier orders, or order less, then try again. `of` names what is limited: unpaid `orders`, or `units` of one `variantId`, of this customer, or orders from this `address`; `limit` is the maximum.",
  },
  "price-changed": {
    status: 409,
    title: "Price changed",
    meaning:
      "Nothing was held or charged. `total`, if present, is the current total, and `reason` tells why a coupon no longer applies. Fetch a new quote, show it, and place the order with its total.",
  },
  "coupon-not-applicable": {
    status: 409,
    title: "Coupon not applicable",
    meaning:
      "`reason` is `minimum-not-reached`, with the required `minimumSubtotal`, `nothing-eligible` if it discounts none of these goods, `not-claimed` if it must be claimed first, or `unknown` for a code that does not exist or cannot be used now; staff get `inactive`, `not-yet-valid` or `expired` as well. The cart is unchanged.",
  },
  "coupon-exhausted": {
    status: 409,
    title: "Coupon exhausted",
    meaning:
      "`reason` is `exhausted` if all customers together have used it up or claimed all there are, `customer-limit-reached` if this customer has used it up. Nothing was held or charged. Fetch a new quote, show it, and place the order with its total.",
  },
  "cart-empty": {
    status: 409,
    title: "Empty cart",
    meaning: "The cart has nothing that can be ordered. Add items that are on sale, then try again.",
  },
  "illegal-transition": {
    status: 409,
    title: "Illegal transition",
    meaning:
      "Its status does not allow this. `from` is the current status; the documentation of orders, after-sales or merchants lists the transitions from it.",
  },
  "approval-required": {
    status: 409,
    title: "Approval required",
    meaning:
      "The amount requires the approval of a second member of staff. The request is recorded as `approvalId`: once it is approved at `/approvals/{id}/approvals`, send the same request again within a week. Nothing was done yet.",
  },
  "payment-refused": {
    status: 409,
    title: "Payment refused",
    meaning:
      "The payment provider declined, and nothing was charged. `detail` tells why, as far as the provider does. Pay in another way, under a new key.",
  },
  "payment-in-progress": {
    status: 409,
    title: "Payment in progress",
    meaning:
      "An earlier payment of this order can be neither closed nor counted yet, because the customer's bank is at work on it. Nothing was started. Look at the order in a minute, then pay again if it is still unpaid.",
  },
  "in-use": {
    status: 409,
    title: "In use",
    meaning:
      "It cannot be removed while others refer to it, for example a category that still has children or products.",
  },
  "limit-reached": {
    status: 409,
    title: "Limit reached",
    meaning:
      "For example the number of different items in a cart or of addresses in an account. `limit` is the maximum.",
  },
  "period-over": {
    status: 409,
    title: "Period over",
    meaning: "It could be changed or added to for a limited time only; `until` is when that ended.",
  },
  "own-content": {
    status: 409,
    title: "Your own",
    meaning: "Votes and reports are about what others wrote. Change or remove your own instead.",
  },
  "idempotency-in-flight": {
    status: 409,
    title: "Request in progress",
    meaning:
      "The first request with this `Idempotency-Key` is still running. Wait a moment, then send the same request again: the response will be the first one's result.",
  },
  "idempotency-mismatch": {
    status: 422,
    title: "Idempotency-Key reused",
    meaning: "An `Idempotency-Key` belongs to one request body. Use a new key for a new intent.",
  },
  "precondition-failed": {
    status: 412,
    title: "Precondition failed",
    meaning:
      "The `If-Match` header names an older version. Read it again, apply your change, send the new `ETag`.",
  },
  "payload-too-large": {
    status: 413,
    title: "Payload too large",
    meaning: "`limit` is the maximum size in bytes.",
  },
  "unsupported-media-type": {
    status: 415,
    title: "Unsupported media type",
    meaning: "Send JSON in UTF-8 as `application/json`, or what the API description names for the operation.",
  },
  "invalid-image": {
    status: 422,
    title: "Invalid image",
    meaning:
      "`reason` is `damaged` if the file cannot be read as the image that its first bytes announce, or `too-many-pixels`, with the maximum as `limit`.",
  },
  "validation-failed": {
    status: 422,
    title: "Validation failed",
    meaning:
      "`errors` lists each invalid field with its path, a code and a message. Unknown fields are rejected as well.",
  },
  "precondition-required": {
    status: 428,
    title: "If-Match required",
    meaning: "Send the `ETag` that you read as `If-Match`, so that concurrent changes are not overwritten.",
  },
  "too-many-requests": {
    status: 429,
    title: "Too many requests",
    meaning:
      "Too many requests of this kind, or too many wrong passwords, came from your address or for your account. `Retry-After` is the number of seconds to wait; `RateLimit-Remaining` tells beforehand how many requests are left.",
  },
  "internal-error": {
    status: 500,
    title: "Internal error",
    meaning:
      "The failure is logged under the response's `traceId`. A retry of an idempotent request is safe.",
  },
  unavailable: {
    status: 503,
    title: "Service unavailable",
    meaning: "A part of the shop is overloaded or unavailable. Retry after the seconds in `Retry-After`.",
  },
  "deadline-exceeded": {
    status: 504,
    title: "Deadline exceeded",
    meaning:
      "The outcome is unknown. Read the state before you repeat an unsafe request, or repeat it with the same `Idempotency-Key`.",
  },
} as const satisfies Record<string, { status: number; title: string; meaning: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

/** Errors that the kit raises around any action; contracts do not list them. */
export const commonErrors = [
  "malformed-request",
  "validation-failed",
  "unauthenticated",
  "forbidden",
  "too-many-requests",
  "unavailable",
  "deadline-exceeded",
  "internal-error",
] as const satisfies readonly ErrorCode[];

export type CommonErrorCode = (typeof commonErrors)[number];

/** One invalid field; `path` is like `items.0.quantity`, empty for the whole body. */
export interface FieldError {
  path: string;
  code: string;
  message: string;
}

/** Details of an error: ids, limits and field errors, never internals. */
export type ErrorData = Record<string, unknown> & { errors?: FieldError[] };

/**
 * An error that callers match by `type`. It keeps its code and data across nodes.
 *
 * @param code a key of the catalogue
 * @param detail a sentence for humans about this occurrence; the catalogue's title when absent
 */
export class ShopError<C extends ErrorCode = ErrorCode> extends moleculer.Errors.MoleculerError {
  declare readonly type: C;
  declare readonly data: ErrorData;

  constructor(code: C, detail?: string, data: ErrorData = {}) {
    // A coded error is an expected response: skip the stack trace, which is slow to capture.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(detail ?? errorCatalogue[code].title, errorCatalogue[code].status, code, data);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = "ShopError";
    this.stack = `${code}: ${this.message}`;
  }
}

/** Whether `error` is a `ShopError` with one of these codes, also from another node. */
export function isShopError<C extends ErrorCode>(error: unknown, ...codes: C[]): error is ShopError<C> {
  const type = typeOf(error);
  return (
    type !== undefined &&
    Object.hasOwn(errorCatalogue, type) &&
    (codes.length === 0 || codes.includes(type as C))
  );
}

function typeOf(error: unknown): string | undefined {
  if (error === null || typeof error !== "object" || !("type" in error)) return undefined;
  return typeof error.type === "string" ? error.type : undefined;
}

/** Restores `ShopError` on the caller's side of the transport, where Moleculer would make a plain error. */
export class ShopErrorRegenerator extends moleculer.Errors.Regenerator {
  override restoreCustomError(
    plain: moleculer.Errors.PlainMoleculerError,
    payload: Record<string, unknown>,
  ): Error {
    if (isShopError(plain)) return new ShopError(plain.type, plain.message, plain.data);
    return super.restoreCustomError(plain, payload);
  }
}
