import { loadConfig } from "../../config/index.ts";
import { Database } from "../../mixins/database/database.ts";
import { openPrimary } from "../../mixins/database/mysql/open.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { unusableHash } from "../../services/users/domain/passwords.ts";
import { newSecret } from "../../services/users/domain/secrets.ts";
import { SessionRepository } from "../../services/users/data/session-repository.ts";
import { SigningKeyRepository } from "../../services/users/data/signing-key-repository.ts";
import { secretBox } from "../../mixins/support/secrets-key.ts";
import { noDetails, UserRepository } from "../../services/users/data/user-repository.ts";
import { TokenIssuer } from "../../services/users/token-issuer.ts";
import type { ClusterUnderTest } from "./proof.ts";

const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

/**
 * Logged-in customers: accounts, sessions and events in the shop's own tables, and tokens signed with its
 * key. Skips password hashing, which would take minutes for a thousand.
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
    const issuer = await TokenIssuer.create(
      new SigningKeyRepository(database, await secretBox(config)),
      config,
    );
    const now = Date.now();
    const passwordHash = unusableHash();
    return await database.transaction(origin, async (tx) => {
      const tokens: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const [id, sessionId] = [newId(), newId()];
        const same = { id, version: 1, createdAt: now, updatedAt: now };
        const account = { email: `${id}@example.com`, name: "Ada", passwordHash, emailVerifiedAt: now };
        await users.insert(
          { ...same, ...account, role: "customer", status: "active", avatar: null, ...noDetails },
          tx,
        );
        tx.publish("users.registered", { userId: id, email: account.email });
        const expiresAt = now + config.tokens.refreshMs;
        const client = { address: null, userAgent: null };
        await sessions.start({ id: sessionId, userId: id, createdAt: now, expiresAt, ...client }, tx);
        await sessions.addRefreshToken(newSecret().hash, sessionId, now, tx);
        tx.publish("users.logged-in", { userId: id, sessionId, ...client });
        tokens.push(await issuer.accessToken(id, sessionId, now));
      }
      return tokens;
    });
  } finally {
    await database.sequelize.close();
  }
}
