import { decodeJwt } from "jose";
import type { UserCaller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { MerchantRole } from "../../mixins/contract/permissions.ts";
import { mailTo, tokenIn } from "./mailbox.ts";
import type { Person } from "./people.ts";
import { newPerson } from "./people.ts";
import type { Shop } from "./shop.ts";

export const traderAddress = {
  name: "Ada",
  line1: "1 Row",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
};

/** A valid application, of a name of its own. */
export function application(slug = `m-${newId()}`) {
  return {
    slug,
    name: `Merchant ${slug}`,
    contact: { name: "Ada", email: "ada@example.org" },
    legal: { name: "Ada Ltd", address: traderAddress },
  };
}

/** A person's session, as the gateway vouches for it, with the memberships of this moment. */
export async function callerOf(shop: Shop, { userId, token }: Person): Promise<UserCaller> {
  const { sid: sessionId } = decodeJwt<{ sid: string }>(token);
  const session = await shop.call("users.sessions.check", { sessionId });
  if (!session) throw new Error("the session has ended");
  const { role, permissions, merchants } = session;
  return { kind: "user", userId, sessionId, role, permissions, verifiedAt: Date.now(), merchants };
}

/** Applies as a merchant and, by default, has it approved. @returns its id */
export async function newMerchant(
  shop: Shop,
  owner: Person,
  { approve = true, slug }: { readonly approve?: boolean; readonly slug?: string } = {},
): Promise<string> {
  const as = await callerOf(shop, owner);
  const { id } = await shop.call("merchants.apply", application(slug), { as });
  if (approve) await shop.call("merchants.approve", { id });
  await shop.settled();
  return id;
}

/** A person with an account whose address is verified. */
export async function verifiedPerson(shop: Shop): Promise<Person> {
  const person = await newPerson(shop);
  const mail = await mailTo(shop.dataDir, person.email, /confirm your e-mail/);
  await shop.call("users.email-verifications.use", { token: tokenIn(mail) });
  return person;
}

/** Lets someone work for a merchant. */
export async function join(
  shop: Shop,
  merchantId: string,
  person: Person,
  role: MerchantRole,
): Promise<void> {
  const { id } = await shop.call("merchants.members.invite", { id: merchantId, email: person.email, role });
  await shop.call("merchants.my-invitations.accept", { id }, { as: await callerOf(shop, person) });
  await shop.settled();
}
