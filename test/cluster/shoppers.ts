import { loadConfig } from "../../config/index.ts";
import { Database } from "../../mixins/database/database.ts";
import { openPrimary } from "../../mixins/database/mysql.ts";
import { newId } from "../../services/contract/ids.ts";
import { SessionRepository } from "../../services/users/data/session-repository.ts";
import { SigningKeyRepository } from "../../services/users/data/signing-key-repository.ts";
import { secretBox } from "../../services/users/secrets-key.ts";
import { UserRepository } from "../../services/users/data/user-repository.ts";
import { TokenIssuer } from "../../services/users/token-issuer.ts";
import type { ClusterUnderTest } from "./proof.ts";

const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

/**
 * Customers who are logged in: accounts and sessions in the shop's own tables, tokens signed with its own key. Only the
 * hashing of their passwords is left out, which by design takes minutes for a thousand.
 *
 * @returns an access token for each
 */
export async function loggedInCustomers(count: number, { cluster }: ClusterUnderTest): Promise<string[]> {
  const config = loadConfig({ ...cluster.stack.environment });
  if (config.database.engine !== "mysql") throw new Error("this is not a cluster");
  const database = new Database(openPrimary(config.database, "users"));
  try {
    const users = new UserRepository(database);
    const sessions = new SessionRepository(database);
    const issuer = await TokenIssuer.create(new SigningKeyRepository(database, await secretBox(config)), config);
    const now = Date.now();
    return await database.transaction(origin, async (tx) => {
      const tokens: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const [id, sessionId] = [newId(), newId()];
        const same = { id, version: 1, createdAt: now, updatedAt: now };
        const account = { email: `${id}@example.com`, name: "Ada", passwordHash: "nobody's", emailVerifiedAt: now };
        await users.insert({ ...same, ...account, role: "customer", status: "active" }, tx);
        const expiresAt = now + config.tokens.refreshMs;
        await sessions.start({ id: sessionId, userId: id, createdAt: now, expiresAt, address: null, userAgent: null }, tx);
        tokens.push(await issuer.accessToken(id, sessionId, now));
      }
      return tokens;
    });
  } finally {
    await database.sequelize.close();
  }
}
