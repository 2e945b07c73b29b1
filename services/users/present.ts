import type { Result } from "../contract/calls.ts";
import { toTimestamp } from "../contract/fields.ts";
import { roles } from "../contract/permissions.ts";
import type { SavedAddress } from "./data/address-repository.ts";
import type { OpenSession } from "./data/session-repository.ts";
import type { SignIn } from "./data/sign-in-repository.ts";
import type { User } from "./data/user-repository.ts";

/** An account as the API shows it: without the password's hash. */
export function presentUser(user: User): Result<"users.get"> {
  return {
    id: user.id,
    email: user.email,
    emailVerified: user.emailVerifiedAt !== null,
    name: user.name,
    role: user.role,
    permissions: [...roles[user.role]],
    status: user.status,
    version: user.version,
    createdAt: toTimestamp(user.createdAt),
    updatedAt: toTimestamp(user.updatedAt),
  };
}

export function presentAddress(saved: SavedAddress): Result<"users.addresses.get"> {
  return {
    id: saved.id,
    label: saved.label,
    address: saved.address,
    createdAt: toTimestamp(saved.createdAt),
    updatedAt: toTimestamp(saved.updatedAt),
  };
}

export function presentTokens(
  user: User,
  accessToken: string,
  accessMs: number,
  refreshToken: string,
  cartId: string | null,
): Result<"users.login"> {
  const expiresIn = Math.floor(accessMs / 1000);
  return { tokenType: "Bearer", accessToken, expiresIn, refreshToken, user: presentUser(user), cartId };
}

export function presentSession(session: OpenSession, current: string): Result<"users.sessions.list">["items"][number] {
  return {
    id: session.id,
    current: session.id === current,
    address: session.address,
    userAgent: session.userAgent,
    createdAt: toTimestamp(session.createdAt),
    lastSeenAt: toTimestamp(session.lastSeenAt),
    expiresAt: toTimestamp(session.expiresAt),
  };
}

export function presentSignIn(signIn: SignIn): Result<"users.sign-ins.list">["items"][number] {
  const { id, sessionId, address, userAgent, createdAt } = signIn;
  // Only attempts at accounts that exist have someone who can see them.
  const outcome = signIn.outcome === "unknown-account" ? "wrong-password" : signIn.outcome;
  return { id, outcome, sessionId, address, userAgent, createdAt: toTimestamp(createdAt) };
}
