import type { Config } from "../../../config/index.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Role } from "../../../mixins/contract/permissions.ts";
import { SigningKeyRepository } from "../../../services/users/data/signing-key-repository.ts";
import { secretBox } from "../../../mixins/support/secrets-key.ts";
import { hashOfSecret } from "../../../services/users/domain/secrets.ts";
import { hashPassword } from "../../../services/users/domain/passwords.ts";
import { TokenIssuer } from "../../../services/users/token-issuer.ts";
import { fill, origin } from "./bulk-insert.ts";
import { withData } from "./databases.ts";

export interface Person {
  readonly id: string;
  readonly email: string;
  /** Of a session valid for an hour. */
  readonly accessToken: string;
}

export const password = "correct horse battery staple";

/** Accounts with a session each, in the shop's own tables. They share one password, hashed once. */
export async function preparePeople(
  config: Config,
  count: number,
  role: Role = "customer",
): Promise<Person[]> {
  return withData(config, "users", async (database) => {
    const issuer = await TokenIssuer.create(
      new SigningKeyRepository(database, await secretBox(config)),
      config,
    );
    const password_hash = await hashPassword(password);
    const now = Date.now();
    const people: Person[] = [];
    const sessions: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const [id, sessionId] = [newId(), newId()];
      sessions.push(sessionId);
      people.push({
        id,
        email: `${id}@example.com`,
        accessToken: await issuer.accessToken(id, sessionId, now),
      });
    }
    await fill(database, count, (index) => {
      const { id = "", email = "" } = people[index] ?? {};
      const account = {
        id,
        email,
        email_verified_at: now,
        name: "Ada",
        password_hash,
        role,
        status: "active",
        version: 1,
      };
      const session = {
        id: sessions[index] ?? "",
        user_id: id,
        created_at: now,
        verified_at: now,
        last_seen_at: now,
        ended_at: null,
      };
      return {
        users: [{ ...account, created_at: now, updated_at: now }],
        refresh_tokens: [
          { token_hash: hashOfSecret(session.id), session_id: session.id, issued_at: now, used_at: null },
        ],
        sessions: [
          { ...session, expires_at: now + config.tokens.refreshMs, address: null, user_agent: null },
        ],
      };
    });
    await database.transaction(origin, async (tx) => {
      for (const [index, { id: userId, email }] of people.entries()) {
        tx.publish("users.registered", { userId, email });
        const [before, after] = [
          { role: "customer", status: "active" },
          { role, status: "active" },
        ] as const;
        if (role !== "customer") tx.publish("users.account-changed", { userId, before, after });
        tx.publish("users.logged-in", {
          userId,
          sessionId: sessions[index] ?? "",
          address: null,
          userAgent: null,
        });
      }
    });
    return people;
  });
}
