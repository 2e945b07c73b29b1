import { newId } from "../../../mixins/contract/ids.ts";
import { codeMs } from "../domain/phone-codes.ts";
import { assertTakesMessages } from "../assert-takes-messages.ts";
import { requestCode } from "../request-code.ts";
import { action } from "../users.dependencies.ts";

/** Sends a code to a number that the caller claims to have, whoever has it now. */
export const requestPhoneVerification = action(
  "users.phone-verifications.request",
  async ({ params, caller, client, now, transaction, fail }, dependencies) => {
    const phone = await assertTakesMessages(params.phone, dependencies.notifySettings.countries);
    const user = await dependencies.users.byId(caller.userId);
    if (user?.status !== "active") throw fail("not-found");
    const [id, addressKey] = [newId(), client.limitKey];
    const wanted = { id, purpose: "verification", userId: user.id, phone, addressKey, now } as const;
    await transaction((tx) => requestCode(wanted, tx, dependencies));
    return { id, phone, expiresIn: codeMs / 1000 };
  },
);
