import { confirmPassword } from "../confirm-password.ts";
import { demandUncommon } from "../domain/new-password.ts";
import { hashPassword } from "../domain/passwords.ts";
import { setPassword } from "../set-password.ts";
import { action } from "../users.dependencies.ts";

/** Changes the caller's password. The session at which it was done stays, all others end. */
export const changePassword = action("users.me.password.change", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { users, sessions } = dependencies;
  demandUncommon(params.password);
  const confirmed = await confirmPassword(params.currentPassword, "currentPassword", context, dependencies);
  const passwordHash = await hashPassword(params.password);

  await transaction(async (tx) => {
    const user = await users.lock(caller.userId, tx);
    // Someone else has set another password while this one was hashed: then the confirmed one is the old one.
    if (user?.status !== "active" || user.passwordHash !== confirmed.passwordHash) throw fail("not-found");
    await setPassword(user, { passwordHash, by: "its-owner", now, keepSession: caller.sessionId }, tx, dependencies);
    await sessions.verify(caller.sessionId, now, tx);
  });
  return null;
});
