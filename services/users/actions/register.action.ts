import { newId } from "../../../mixins/contract/ids.ts";
import { noDetails } from "../data/user-repository.ts";
import { assertUncommonPassword } from "../domain/new-password.ts";
import { hashPassword } from "../domain/passwords.ts";
import { requestMail } from "../mail/request-mail.ts";
import { action } from "../users.dependencies.ts";

/**
 * Opens a customer account. Response and timing do not reveal whether the address has an account: both
 * outcomes do the same work (`UserRepository.open`), and the owner is told by mail.
 */
export const register = action(
  "users.register",
  async ({ params, now, transaction }, { users, mails, shop }) => {
    assertUncommonPassword(params.password, { ...params, shop });
    const user = {
      id: newId(),
      email: params.email,
      emailVerifiedAt: null,
      name: params.name,
      passwordHash: await hashPassword(params.password),
      role: "customer",
      status: "active",
      avatar: null,
      ...noDetails,
      version: 1,
      createdAt: now,
      updatedAt: now,
    } as const;

    await transaction(async (tx) => {
      const userId = await users.open(user, tx);
      const opened = userId === user.id;
      if (opened) tx.publish("users.registered", { userId, email: user.email });
      else tx.publish("users.registration-repeated", { userId });
      await requestMail(
        mails,
        { kind: opened ? "verify-address" : "account-exists", recipient: user.email, userId },
        now,
        tx,
      );
    });
    return { email: params.email };
  },
);
