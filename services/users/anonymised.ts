import type { User } from "./data/user-repository.ts";
import { noDetails } from "./data/user-repository.ts";
import { unusableHash } from "./domain/passwords.ts";

/** Anonymises an account: login becomes impossible, and its address is free again. */
export function anonymised(user: User, now: number): User {
  return {
    ...user,
    email: `${user.id}@deleted.invalid`,
    emailVerifiedAt: null,
    name: "Deleted account",
    ...noDetails,
    passwordHash: unusableHash(),
    role: "customer",
    status: "deleted",
    version: user.version + 1,
    updatedAt: now,
  };
}
