import { requestMail } from "../mail/request-mail.ts";
import { action } from "../users.dependencies.ts";

/** Disables the caller's second factor, unless their role requires one. */
export const disableTwoFactor = action("users.two-factor.disable", async (context, dependencies) => {
  const { caller, now, transaction, fail } = context;
  const { users, roles, twoFactor, mails, staffTwoFactor } = dependencies;
  await transaction(async (tx) => {
    const user = await users.lock(caller.userId, tx);
    if (!user) throw fail("not-found");
    if (staffTwoFactor === "required" && (await roles.permissionsOf(user.role, tx)).length > 0)
      throw fail("illegal-transition", "Your role requires a second factor", { from: "on" });
    if (!(await twoFactor.remove(user.id, tx))) return;
    tx.publish("users.two-factor-changed", { userId: user.id, enabled: false });
    await requestMail(mails, { kind: "two-factor-off", recipient: user.email, userId: user.id }, now, tx);
  });
  return null;
});
