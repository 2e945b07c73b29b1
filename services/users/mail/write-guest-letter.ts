import type { Tx } from "../../../mixins/database/database.ts";
import type { RequestedMail } from "../data/mail-repository.ts";
import type { Letter } from "../domain/letters.ts";
import { letterOf } from "../domain/letters.ts";
import type { guestMailKinds } from "../domain/mail-kinds.ts";
import { hourMs, maxMailsPerHour } from "../domain/mail-schedule.ts";
import { newOrderToken } from "../domain/order-tokens.ts";
import type { UsersDependencies } from "../users.dependencies.ts";

export type GuestMailKind = (typeof guestMailKinds)[number];

/**
 * Writes a mail with the link to a guest's order. Each has its own token, of which the database stores the hash
 * only; all stay valid.
 *
 * @returns undefined when the order is unknown or another address's, when it is an account's by now, or over the
 *   limit of this kind per address
 */
export async function writeGuestLetter(
  mail: RequestedMail & { readonly kind: GuestMailKind },
  now: number,
  tx: Tx,
  { guests, orderTokens, orderTokenMs, mails, mailSettings: { shopUrl } }: UsersDependencies,
): Promise<{ letter: Letter; userId: null } | undefined> {
  const { kind, recipient, orderNumber } = mail;
  const order = await guests.orderByNumber(orderNumber ?? "", tx);
  const guest = order && (await guests.lockOpen(order.guestId, tx));
  if (!guest || guest.email !== recipient) return undefined;
  if ((await mails.countBefore(mail, hourMs, tx)).all >= maxMailsPerHour) return undefined;

  const { orderId, guestId, number } = order;
  const { token, hash } = newOrderToken();
  await orderTokens.add({ tokenHash: hash, orderId, guestId, expiresAt: now + orderTokenMs }, tx);
  return { letter: letterOf(kind, { token, shopUrl, order: { id: orderId, number } }), userId: null };
}
