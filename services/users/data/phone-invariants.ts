import type { Invariant } from "../../../mixins/database/invariant.ts";
import { exhaustiveKeys, notListed } from "../../../mixins/database/invariant.ts";
import { messageKinds } from "../domain/message-kinds.ts";
import { codeAttempts } from "../domain/phone-codes.ts";
import { hasNoUser, noHash } from "./conditions.ts";
import type { MessageEnding } from "./message-repository.ts";
import type { CodePurpose } from "./phone-code-repository.ts";

const messageStates = exhaustiveKeys<MessageEnding | "waiting">({
  waiting: true,
  sent: true,
  dropped: true,
  failed: true,
});
const codePurposes = exhaustiveKeys<CodePurpose>({ verification: true, login: true });

export const phoneInvariants: readonly Invariant[] = [
  {
    code: "users.messages",
    says: "Every message to a phone is of a known kind and status, its account exists, and its code is kept, encrypted, only while it waits",
    subject: { table: "messages", key: "id" },
    broken: `SELECT m.id AS messageId, m.kind, m.user_id AS userId, m.status, m.attempts FROM messages m
             WHERE {page m.id} AND (${notListed("m.kind", messageKinds)} OR ${notListed("m.status", messageStates)}
               OR m.recipient NOT LIKE '+_______%' OR (m.user_id IS NOT NULL AND ${hasNoUser("m.user_id")})
               OR (m.status = 'waiting') <> (m.sealed_code IS NOT NULL) OR m.sealed_code NOT LIKE 'enc1:%'
               OR m.attempts < 0 OR (m.status <> 'waiting' AND m.attempts = 0))`,
  },
  {
    code: "users.phone-codes",
    says: "Every code for a phone is stored as a hash, within its number of attempts, and of an existing account where it verifies a number",
    subject: { table: "phone_codes", key: "id" },
    broken: `SELECT c.id AS codeId, c.purpose, c.user_id AS userId, c.attempts FROM phone_codes c
             WHERE {page c.id} AND (${noHash("c.code_hash")} OR ${notListed("c.purpose", codePurposes)}
               OR c.attempts < 0 OR c.attempts > ${codeAttempts} OR (c.purpose = 'login') <> (c.user_id IS NULL)
               OR (c.user_id IS NOT NULL AND ${hasNoUser("c.user_id")}))`,
  },
];
