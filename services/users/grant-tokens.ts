import type { Result } from "../contract/calls.ts";
import type { User } from "./data/user-repository.ts";
import { presentTokens } from "./present.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

interface Opened {
  readonly sessionId: string;
  readonly refreshToken: string;
}

/** What a client gets when a session begins or goes on. */
export async function grantTokens(
  user: User,
  { sessionId, refreshToken }: Opened,
  cartId: string | null,
  now: number,
  { roles, tokens }: UsersDependencies,
): Promise<Result<"users.login">> {
  const permissions = await roles.permissionsOf(user.role);
  const accessToken = await tokens.accessToken(user.id, sessionId, now);
  return presentTokens({ user, permissions, accessToken, accessMs: tokens.accessMs, refreshToken, cartId });
}
