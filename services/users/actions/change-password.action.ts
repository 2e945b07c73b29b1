import { confirmPassword } from "../confirm-password.ts";
import { assertUncommonPassword } from "../domain/new-password.ts";
import { hashPassword } from "../domain/passwords.ts";
import { setPassword } from "../set-password.ts";
import { action } from "../users.dependencies.ts";

/** Changes the caller's password and ends all other sessions. */
export const changePassword = action("users.me.password.change", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { users, sessions, shop } = dependencies;
  const confirmed = await confirmPassword(params.currentPassword, "currentPassword", context, dependencies);
  assertUncommonPassword(params.password, { ...confirmed, shop });
  const passwordHash = await hashPassword(params.password);

  await transaction(async (tx) => {
    const user = await users.lock(caller.userId, tx);
    // A concurrent change replaced the password during hashing, so the confirmed password is outdated.
    if (user?.status !== "active" || user.passwordHash !== confirmed.passwordHash) throw fail("not-found");
    await setPassword(
      user,
      { passwordHash, by: "its-owner", now, keepSession: caller.sessionId },
      tx,
      dependencies,
    );
    await sessions.verify(caller.sessionId, now, tx);
  });
  return null;
});
