import { hashOfRecoveryCode, newRecoveryCodes } from "../domain/second-factor.ts";
import { action } from "../users.dependencies.ts";

export const renewRecoveryCodes = action("users.two-factor.renew-codes", async (context, { twoFactor }) => {
  const { caller, transaction, fail } = context;
  const recoveryCodes = newRecoveryCodes();
  await transaction(async (tx) => {
    const factor = await twoFactor.lock(caller.userId, tx);
    if (!factor || factor.confirmedAt === null)
      throw fail("illegal-transition", "It is off", { from: "off" });
    await twoFactor.replaceRecoveryCodes(caller.userId, recoveryCodes.map(hashOfRecoveryCode), tx);
    tx.publish("users.recovery-codes-renewed", { userId: caller.userId });
  });
  return { recoveryCodes };
});
