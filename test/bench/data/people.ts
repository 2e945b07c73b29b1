import type { Config } from "../../../config/index.ts";
import { newId } from "../../../services/contract/ids.ts";
import type { Role } from "../../../services/contract/permissions.ts";
import { SigningKeyRepository } from "../../../services/users/data/signing-key-repository.ts";
import { secretBox } from "../../../services/users/secrets-key.ts";
import { hashPassword } from "../../../services/users/domain/passwords.ts";
import { TokenIssuer } from "../../../services/users/token-issuer.ts";
import { fill } from "./bulk-insert.ts";
import { withData } from "./databases.ts";

export interface Person {
  readonly id: string;
  readonly email: string;
  /** Of a session that is good for an hour. */
  readonly accessToken: string;
}

export const password = "correct horse battery staple";

/** Accounts with a session each, in the shop's own tables. They share one password, which is hashed once. */
export async function preparePeople(config: Config, count: number, role: Role = "customer"): Promise<Person[]> {
  return withData(config, "users", async (database) => {
    const issuer = await TokenIssuer.create(new SigningKeyRepository(database, await secretBox(config)), config);
    const password_hash = await hashPassword(password);
    const now = Date.now();
    const people: Person[] = [];
    const sessions: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const [id, sessionId] = [newId(), newId()];
      sessions.push(sessionId);
      people.push({ id, email: `${id}@example.com`, accessToken: await issuer.accessToken(id, sessionId, now) });
    }
    await fill(database, count, (index) => {
      const { id = "", email = "" } = people[index] ?? {};
      const account = { id, email, email_verified_at: now, name: "Ada", password_hash, role, status: "active", version: 1 };
      const session = { id: sessions[index] ?? "", user_id: id, created_at: now, verified_at: now, ended_at: null };
      return {
        users: [{ ...account, created_at: now, updated_at: now }],
        sessions: [{ ...session, expires_at: now + config.tokens.refreshMs, address: null, user_agent: null }],
      };
    });
    return people;
  });
}
