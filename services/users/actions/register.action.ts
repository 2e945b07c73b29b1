import { newId } from "../../contract/ids.ts";
import { ShopError } from "../../contract/errors.ts";
import { hashPassword, isCommonPassword } from "../domain/passwords.ts";
import { action } from "../users.dependencies.ts";

/** Opens a customer account. Whoever asks cannot tell by answer or time whether there was one already. */
export const register = action("users.register", async ({ params, now, transaction }, { users }) => {
  if (isCommonPassword(params.password)) throw commonPassword();
  const user = {
    id: newId(),
    email: params.email,
    name: params.name,
    passwordHash: await hashPassword(params.password),
    role: "customer",
    status: "active",
    version: 1,
    createdAt: now,
    updatedAt: now,
  } as const;

  await transaction(async (tx) => {
    if (await users.insert(user, tx)) tx.publish("users.registered", { userId: user.id, email: user.email });
  });
  return { email: params.email };
});

function commonPassword(): ShopError {
  const message = "is one of the passwords that attackers try first";
  const errors = [{ path: "password", code: "common-password", message }];
  return new ShopError("validation-failed", undefined, { errors });
}
