import { newId } from "../../contract/ids.ts";
import { demandUncommon } from "../domain/new-password.ts";
import { hashPassword } from "../domain/passwords.ts";
import { askForMail } from "../mail/ask-for-mail.ts";
import { action } from "../users.dependencies.ts";

/**
 * Opens a customer account. Whoever asks cannot tell by answer or time whether there was one already: both ways do the
 * same work, and the owner of the address is told by mail.
 */
export const register = action("users.register", async ({ params, now, transaction }, { users, mails }) => {
  demandUncommon(params.password);
  const user = {
    id: newId(),
    email: params.email,
    emailVerifiedAt: null,
    name: params.name,
    passwordHash: await hashPassword(params.password),
    role: "customer",
    status: "active",
    version: 1,
    createdAt: now,
    updatedAt: now,
  } as const;

  await transaction(async (tx) => {
    const opened = await users.insert(user, tx);
    const userId = (await users.byEmail(user.email, tx))?.id ?? user.id;
    if (opened) tx.publish("users.registered", { userId, email: user.email });
    else tx.publish("users.registration-repeated", { userId });
    await askForMail(mails, { kind: opened ? "verify-address" : "account-exists", recipient: user.email, userId }, now, tx);
  });
  return { email: params.email };
});
