import type { Row } from "../data/bulk-insert.ts";
import { variantOf } from "../data/catalogue.ts";
import { idOf, madeAt } from "../data/made-up-ids.ts";
import type { Size } from "./sizes.ts";

const lifetimeMs = 30 * 24 * 3_600_000;
/** Matches no password: these accounts are not used for login. */
const noPassword =
  "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IG9mIDE2IQ$bm90IHRoZSBoYXNoIG9mIGFueSBwYXNzd29yZCAuLi4";
const hex = (kind: string, index: number) => `${kind}${index.toString(16)}`.padStart(64, "0");

export const emailOf = (index: number) => `${(index * 7919) % 1_000_003}-${index}@example.com`;

/** Customers, each with a session. */
export function personRows(index: number, now: number): Record<string, Row[]> {
  const at = madeAt(index);
  const id = idOf("user", index);
  const session = idOf("session", index);
  const times = { created_at: at, updated_at: at };
  const client = { address: "203.0.113.7", user_agent: "Mozilla/5.0 (X11; Linux x86_64)" };
  return {
    users: [
      {
        id,
        email: emailOf(index),
        email_verified_at: at,
        name: "Ada",
        password_hash: noPassword,
        role: "customer",
        status: "active",
        version: 1,
        ...times,
      },
    ],
    sessions: [
      {
        id: session,
        user_id: id,
        created_at: now,
        verified_at: now,
        last_seen_at: now,
        expires_at: now + lifetimeMs,
        ended_at: null,
        ...client,
      },
    ],
    refresh_tokens: [{ token_hash: hex("a", index), session_id: session, issued_at: now, used_at: null }],
    sign_ins: [
      { id: session, user_id: id, outcome: "succeeded", session_id: session, ...client, created_at: now },
    ],
  };
}

/** Guests' carts with two items each. */
export function cartRows(index: number, { variants }: Size, now: number): Record<string, Row[]> {
  const id = idOf("open-cart", index);
  return {
    carts: [
      {
        id,
        customer_id: null,
        token_hash: hex("b", index),
        coupon_code: null,
        version: 3,
        created_at: now,
        updated_at: now,
        expires_at: now + lifetimeMs,
      },
    ],
    cart_items: [0, 1].map((nth) => {
      const { id: variant_id, price } = variantOf((index * 2 + nth) % variants);
      return {
        id: idOf("item", index * 2 + nth),
        cart_id: id,
        variant_id,
        quantity: 1,
        price_minor: price,
        currency: "GBP",
      };
    }),
  };
}

/** Inbox rows of the last day's events. */
export function inboxRows(index: number, now: number): Record<string, Row[]> {
  return { inbox: [{ event_id: idOf("audit", index), received_at: now - index }] };
}
