import moleculer from "moleculer";

/**
 * Every error that a client can meet, in one place. The key is the last part of the problem's `type`
 * (`/problems/<key>`); status and title go into the answer, `meaning` explains it on the page behind that link.
 */
export const errorCatalogue = {
  "malformed-request": {
    status: 400,
    title: "The request could not be read",
    meaning: "The body is not valid JSON, the path or query is not valid UTF-8, or a required header is missing.",
  },
  "idempotency-key-missing": {
    status: 400,
    title: "An Idempotency-Key header is required",
    meaning:
      "Orders, payments, refunds and returns move money or goods. Send an `Idempotency-Key` (1 to 255 visible characters) that is new for each intent and the same for each retry of it.",
  },
  "invalid-signature": {
    status: 400,
    title: "The signature is not valid",
    meaning:
      "The message is not signed with the secret that was agreed on, was changed on its way, or is too old. It had no effect.",
  },
  unauthenticated: {
    status: 401,
    title: "Sign in first",
    meaning:
      "The request carries no access token, or one that has expired, was revoked or was not issued here. Log in or refresh, then send `Authorization: Bearer <token>`.",
  },
  "invalid-credentials": {
    status: 401,
    title: "E-mail or password is wrong",
    meaning: "The answer is the same whether the account exists or not.",
  },
  "second-factor-required": {
    status: 401,
    title: "The second factor is needed as well",
    meaning:
      "The password is right. Send the `challenge` with a code of the authenticator app, or a recovery code, to `/auth/login/second-factor` within `expiresIn` seconds.",
  },
  "invalid-second-factor": {
    status: 401,
    title: "The code is wrong",
    meaning:
      "It is not the app's current one, was used before, or the challenge has expired or was tried too often. With the same challenge there are five tries; after that log in again.",
  },
  "invalid-refresh-token": {
    status: 401,
    title: "The refresh token is not valid",
    meaning:
      "It is unknown, expired, revoked, or was used before. Using one twice ends the whole session, because one of the two users may be a thief. Log in again.",
  },
  "step-up-required": {
    status: 401,
    title: "Show once more that it is you",
    meaning:
      "What can do great harm asks for a password, or a second factor where there is one, that was given at most `maxAge` seconds ago. Send it to `/auth/step-up`, then try again with the same access token.",
  },
  forbidden: {
    status: 403,
    title: "You may not do this",
    meaning: "You are signed in, but your role lacks the permission that this operation names in the API description.",
  },
  "not-found": {
    status: 404,
    title: "There is no such thing",
    meaning: "It does not exist, or it is not yours: the answer does not tell which.",
  },
  "method-not-allowed": {
    status: 405,
    title: "The path exists, the method does not",
    meaning: "The `Allow` header lists what can be done at this path.",
  },
  "not-acceptable": {
    status: 406,
    title: "It does not come in any form that you accept",
    meaning: "`available` lists the media types to choose from with the `Accept` header.",
  },
  "already-exists": {
    status: 409,
    title: "Something with this name exists already",
    meaning: "A unique value, such as a slug, a SKU or an e-mail address, is taken. `errors` names the field.",
  },
  "stock-shortage": {
    status: 409,
    title: "There is not enough in stock",
    meaning: "Nothing was reserved. `shortages` lists each variant with what was asked for and what is available.",
  },
  "price-changed": {
    status: 409,
    title: "The price has changed since the quote",
    meaning:
      "Nothing was held or charged. `total`, if given, is what it comes to now, and `reason` why a coupon takes nothing off any more. Fetch a new quote, show it, and place the order with its total.",
  },
  "coupon-not-applicable": {
    status: 409,
    title: "The coupon cannot be used for this",
    meaning:
      "`reason` tells why: `unknown`, `inactive`, `not-yet-valid`, `expired`, or `minimum-not-reached`, and then `minimumSubtotal` how much must be bought. The cart is as it was.",
  },
  "coupon-exhausted": {
    status: 409,
    title: "The coupon is used up",
    meaning:
      "`reason` tells by whom: `exhausted` by everybody together, or `customer-limit-reached` by this customer alone. Nothing was held or charged. Fetch a new quote, show it, and place the order with its total.",
  },
  "cart-empty": {
    status: 409,
    title: "The cart has nothing that can be ordered",
    meaning: "Add items that are on sale, then try again.",
  },
  "illegal-transition": {
    status: 409,
    title: "The order's status does not allow this",
    meaning: "`from` is the status the order has; the documentation of orders lists which steps lead out of it.",
  },
  "payment-refused": {
    status: 409,
    title: "The payment provider does not take this on",
    meaning: "Nothing was charged. `detail` tells why, as far as the provider does. Pay in another way, under a new key.",
  },
  "in-use": {
    status: 409,
    title: "It cannot be removed while others refer to it",
    meaning: "For example a category that still has children or products.",
  },
  "limit-reached": {
    status: 409,
    title: "A limit is reached",
    meaning: "For example the number of different items in a cart or of addresses in an account. `limit` tells it.",
  },
  "idempotency-in-flight": {
    status: 409,
    title: "The first request with this key is still running",
    meaning: "Wait a moment, then send the same request again: it will be answered with the first one's result.",
  },
  "idempotency-mismatch": {
    status: 422,
    title: "This key was used for another request",
    meaning: "An `Idempotency-Key` belongs to one request body. Use a new key for a new intent.",
  },
  "precondition-failed": {
    status: 412,
    title: "It has changed since you read it",
    meaning: "The `If-Match` header names an older version. Read it again, apply your change, send the new `ETag`.",
  },
  "payload-too-large": {
    status: 413,
    title: "The request body is too large",
    meaning: "`limit` tells the largest size in bytes.",
  },
  "unsupported-media-type": {
    status: 415,
    title: "This kind of body is not accepted here",
    meaning: "Send JSON in UTF-8 as `application/json`, or what the API description names for the operation.",
  },
  "validation-failed": {
    status: 422,
    title: "Some values are not acceptable",
    meaning: "`errors` lists each field with its path, a code and a message. Unknown fields are refused as well.",
  },
  "precondition-required": {
    status: 428,
    title: "An If-Match header is required",
    meaning: "So that no one's change is overwritten unseen, send the `ETag` that you read with `If-Match`.",
  },
  "too-many-requests": {
    status: 429,
    title: "Slow down",
    meaning:
      "Too many requests of this kind, or too many wrong passwords, came from your address or for your account. `Retry-After` tells for how many seconds; `RateLimit-Remaining` tells beforehand how much is left.",
  },
  "internal-error": {
    status: 500,
    title: "Something went wrong on our side",
    meaning: "The failure is logged under the answer's `traceId`. A retry of an idempotent request is safe.",
  },
  unavailable: {
    status: 503,
    title: "The shop cannot do this right now",
    meaning: "A part of the shop is overloaded or away. Try again after the seconds in `Retry-After`.",
  },
  "deadline-exceeded": {
    status: 504,
    title: "It took too long",
    meaning:
      "The outcome is unknown. Read the state before you repeat an unsafe request, or repeat it with the same `Idempotency-Key`.",
  },
} as const satisfies Record<string, { status: number; title: string; meaning: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

/** Errors that the kit itself raises around any action; a contract need not list them. */
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

/** One fault in one field; `path` is `items.0.quantity` style, empty for the whole. */
export interface FieldError {
  path: string;
  code: string;
  message: string;
}

/** What travels with an error: ids, limits and field errors, never internals. */
export type ErrorData = Record<string, unknown> & { errors?: FieldError[] };

/**
 * An error that a caller may see and match on by `type`. It keeps its code and data when it crosses nodes.
 *
 * @param code one of the catalogue
 * @param detail a sentence for a human, about this occurrence; the catalogue's title when absent
 */
export class ShopError<C extends ErrorCode = ErrorCode> extends moleculer.Errors.MoleculerError {
  declare readonly type: C;
  declare readonly data: ErrorData;

  constructor(code: C, detail?: string, data: ErrorData = {}) {
    // A coded error is an answer, not an accident: nobody reads where it was made, and finding that out is slow.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(detail ?? errorCatalogue[code].title, errorCatalogue[code].status, code, data);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = "ShopError";
    this.stack = `${code}: ${this.message}`;
  }
}

/** Whether `error` is the shop's error with this code, also when it came from another node. */
export function isShopError<C extends ErrorCode>(error: unknown, ...codes: C[]): error is ShopError<C> {
  const type = typeOf(error);
  return type !== undefined && Object.hasOwn(errorCatalogue, type) && (codes.length === 0 || codes.includes(type as C));
}

function typeOf(error: unknown): string | undefined {
  if (error === null || typeof error !== "object" || !("type" in error)) return undefined;
  return typeof error.type === "string" ? error.type : undefined;
}

/** Restores `ShopError` on the caller's side of the transport, where the framework would make a plain error. */
export class ShopErrorRegenerator extends moleculer.Errors.Regenerator {
  override restoreCustomError(plain: moleculer.Errors.PlainMoleculerError, payload: Record<string, unknown>): Error {
    if (isShopError(plain)) return new ShopError(plain.type, plain.message, plain.data);
    return super.restoreCustomError(plain, payload);
  }
}
