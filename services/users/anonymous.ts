import type { User } from "./data/user-repository.ts";
import { hashOfNothing } from "./domain/passwords.ts";

/** An account without anything that tells whose it was. Nobody can log in to it, and its old address is free again. */
export function anonymous(user: User, now: number): User {
  return {
    ...user,
    email: `${user.id}@deleted.invalid`,
    emailVerifiedAt: null,
    name: "Deleted account",
    passwordHash: hashOfNothing(),
    role: "customer",
    status: "deleted",
    version: user.version + 1,
    updatedAt: now,
  };
}
