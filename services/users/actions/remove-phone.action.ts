import { withPhone } from "../claim-phone.ts";
import { requestMail } from "../mail/request-mail.ts";
import { action } from "../users.dependencies.ts";

export const removePhone = action("users.phone.remove", async (context, { users, mails }) => {
  const { caller, now, transaction, fail } = context;
  await transaction(async (tx) => {
    const user = await users.lock(caller.userId, tx);
    if (!user || user.phone === null) throw fail("not-found");
    await users.update(withPhone(user, null, now), tx);
    tx.publish("users.phone-changed", { userId: user.id, change: "removed" });
    await requestMail(mails, { kind: "phone-removed", recipient: user.email, userId: user.id }, now, tx);
  });
  return null;
});
