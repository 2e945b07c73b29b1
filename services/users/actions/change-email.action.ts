import { confirmPassword } from "../confirm-password.ts";
import { askForMail } from "../mail/ask-for-mail.ts";
import { action } from "../users.dependencies.ts";

/** Asks by mail whether the new address is the caller's; it counts when that mail's token comes back. */
export const changeEmail = action("users.me.email.change", async (context, dependencies) => {
  const { params, caller, now, transaction } = context;
  await confirmPassword(params.password, "password", context, dependencies);
  const mail = { kind: "confirm-new-address", recipient: params.email, userId: caller.userId } as const;
  await transaction((tx) => askForMail(dependencies.mails, mail, now, tx));
  return { email: params.email };
});
