import type { Tx } from "../../../mixins/database/database.ts";
import { newId } from "../../contract/ids.ts";
import type { MailRepository } from "../data/mail-repository.ts";
import type { MailKind } from "../domain/mail-kinds.ts";
import { hourMs, mailsAnHour } from "../domain/mail-schedule.ts";

/**
 * Has a mail sent if and only if the transaction commits. Neither the row nor the event carries a secret: tokens are
 * made when the mail is sent. It takes as long for an address without an account as for one with an account.
 */
export async function askForMail(
  mails: MailRepository,
  mail: { readonly kind: MailKind; readonly recipient: string; readonly userId: string | null },
  now: number,
  tx: Tx,
): Promise<void> {
  const { kind, recipient, userId } = mail;
  if ((await mails.countSince(recipient, kind, now - hourMs, tx)) >= mailsAnHour) return;
  const id = newId();
  await mails.add({ id, kind, recipient, userId, attempts: 0, createdAt: now }, tx);
  tx.publish("users.mail-requested", { mailId: id, kind, userId });
}
