import { confirmPassword } from "../confirm-password.ts";
import { requestMail } from "../mail/request-mail.ts";
import { action } from "../users.dependencies.ts";

/** Sends a confirmation mail to the new address; the address changes when that mail's token is presented. */
export const changeEmail = action("users.me.email.change", async (context, dependencies) => {
  const { params, caller, now, transaction } = context;
  await confirmPassword(params.password, "password", context, dependencies);
  const mail = { kind: "confirm-new-address", recipient: params.email, userId: caller.userId } as const;
  await transaction((tx) => requestMail(dependencies.mails, mail, now, tx));
  return { email: params.email };
});
