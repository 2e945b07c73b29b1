import { decodeJwt } from "jose";
import type { Membership, UserCaller } from "../../../mixins/contract/caller.ts";
import { guest } from "../../../mixins/contract/caller.ts";
import type { DemoShop } from "./demo-shop.ts";

/** An account that has logged in. */
export interface Account {
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
  readonly merchants?: readonly Membership[];
}

/** The account's session, as a gateway vouches for it. */
export function callerOf({ userId, sessionId, merchants }: Account): UserCaller {
  const session = { sessionId, role: "customer", permissions: [], verifiedAt: Date.now() };
  return { kind: "user", userId, ...session, merchants };
}

/** Registers a customer and logs in. */
export async function openAccount(
  shop: DemoShop,
  details: { readonly email: string; readonly name: string; readonly password: string },
): Promise<Account> {
  const { email, password } = details;
  await shop.call("users.register", details, guest);
  const { accessToken, user } = await shop.call("users.login", { email, password }, guest);
  const { sid: sessionId } = decodeJwt<{ sid: string }>(accessToken);
  return { userId: user.id, sessionId, email };
}
