import type { Tx } from "../../../mixins/database/database.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { MailRepository } from "../data/mail-repository.ts";
import type { MailKind } from "../domain/mail-kinds.ts";

/**
 * Requests a mail, transactionally. Row and event contain no secret: tokens are created on sending. Takes
 * equally long for addresses with and without an account; the limit per address applies on writing.
 */
export async function requestMail(
  mails: MailRepository,
  mail: {
    readonly kind: MailKind;
    readonly recipient: string;
    readonly userId: string | null;
    readonly orderNumber?: string;
  },
  now: number,
  tx: Tx,
): Promise<void> {
  const { kind, userId } = mail;
  const id = newId();
  await mails.add({ ...mail, id, attempts: 0, createdAt: now }, tx);
  tx.publish("users.mail-requested", { mailId: id, kind, userId });
}
