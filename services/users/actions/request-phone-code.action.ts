import { assertTakesMessages } from "../assert-takes-messages.ts";
import { codeMs } from "../domain/phone-codes.ts";
import { newSecret } from "../domain/secrets.ts";
import { requestCode } from "../request-code.ts";
import { action } from "../users.dependencies.ts";

/** Stores a code and a message for it; whose number it is is looked up when the message is sent. */
export const requestPhoneCode = action("users.phone-codes.request", async (context, dependencies) => {
  const { params, client, now, transaction } = context;
  const phone = await assertTakesMessages(params.phone, dependencies.notifySettings.countries);
  const { secret: challenge, hash: id } = newSecret();
  const wanted = { id, purpose: "login", userId: null, phone, addressKey: client.limitKey, now } as const;
  await transaction((tx) => requestCode(wanted, tx, dependencies));
  return { challenge, expiresIn: codeMs / 1000 };
});
