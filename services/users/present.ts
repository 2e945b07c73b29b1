import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { ImagePresenter } from "../../mixins/media/present-image.ts";
import type { Permission } from "../../mixins/contract/permissions.ts";
import type { ApiKey } from "./data/api-key-repository.ts";
import type { SavedAddress } from "./data/address-repository.ts";
import type { OpenSession } from "./data/session-repository.ts";
import type { SignIn } from "./data/sign-in-repository.ts";
import type { User } from "./data/user-repository.ts";
import type { Role } from "./domain/roles.ts";
import { builtIn } from "./domain/roles.ts";

/** An account in the API, without its password hash. */
export function presentUser(user: User, permissions: readonly Permission[]): Result<"users.get"> {
  return {
    id: user.id,
    email: user.email,
    emailVerified: user.emailVerifiedAt !== null,
    name: user.name,
    role: user.role,
    permissions: [...permissions],
    status: user.status,
    version: user.version,
    createdAt: toTimestamp(user.createdAt),
    updatedAt: toTimestamp(user.updatedAt),
  };
}

/** An account, as its owner sees it. */
export function presentOwnUser(
  user: User,
  permissions: readonly Permission[],
  images: ImagePresenter,
): Result<"users.me.get"> {
  const { nickname, gender, birthday, locale, phone, keepsHistory } = user;
  return {
    ...presentUser(user, permissions),
    avatar: user.avatar && images.summary(user.avatar),
    nickname,
    gender,
    birthday,
    locale,
    phone,
    keepsHistory,
  };
}

export function presentAddress(saved: SavedAddress): Result<"users.addresses.get"> {
  return {
    id: saved.id,
    label: saved.label,
    address: saved.address,
    isDefault: saved.isDefault,
    createdAt: toTimestamp(saved.createdAt),
    updatedAt: toTimestamp(saved.updatedAt),
  };
}

/** Tokens of a login or a refresh. */
export interface Grant {
  readonly user: User;
  readonly permissions: readonly Permission[];
  readonly accessToken: string;
  readonly accessMs: number;
  readonly refreshToken: string;
  readonly deviceToken: string;
  readonly cartId: string | null;
}

export function presentTokens(grant: Grant): Result<"users.login"> {
  const { accessToken, refreshToken, deviceToken, cartId } = grant;
  const expiresIn = Math.floor(grant.accessMs / 1000);
  const user = presentUser(grant.user, grant.permissions);
  return { tokenType: "Bearer", accessToken, expiresIn, refreshToken, deviceToken, user, cartId };
}

export function presentSession(
  session: OpenSession,
  current: string,
): Result<"users.sessions.list">["items"][number] {
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
  // Only existing accounts have an owner who can see their attempts.
  const outcome = signIn.outcome === "unknown-account" ? "wrong-password" : signIn.outcome;
  return { id, outcome, sessionId, address, userAgent, createdAt: toTimestamp(createdAt) };
}

export function presentRole(role: Role): Result<"users.roles.get"> {
  const { name, summary, permissions, version, createdAt, updatedAt } = role;
  return {
    name,
    summary,
    permissions: [...permissions],
    builtIn: builtIn.has(name),
    version,
    createdAt: createdAt === null ? null : toTimestamp(createdAt),
    updatedAt: updatedAt === null ? null : toTimestamp(updatedAt),
  };
}

export function presentApiKey(key: ApiKey): Result<"users.api-keys.get"> {
  const { id, name, hint, permissions, createdBy, createdAt, expiresAt, revokedAt, lastUsedAt } = key;
  return {
    id,
    name,
    hint,
    permissions: [...permissions],
    createdBy,
    createdAt: toTimestamp(createdAt),
    expiresAt: toTimestamp(expiresAt),
    revokedAt: revokedAt === null ? null : toTimestamp(revokedAt),
    lastUsedAt: lastUsedAt === null ? null : toTimestamp(lastUsedAt),
  };
}
