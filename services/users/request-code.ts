import type { Tx } from "../../mixins/database/database.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { CodePurpose } from "./data/phone-code-repository.ts";
import { codeLimits, windowEnd } from "./domain/code-limits.ts";
import type { MessageKind } from "./domain/message-kinds.ts";
import { codeMs, newCode } from "./domain/phone-codes.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

interface Wanted {
  /** Of the code's row. */
  readonly id: string;
  readonly purpose: CodePurpose;
  /** Null for a login. */
  readonly userId: string | null;
  /** E.164. */
  readonly phone: string;
  /** Rate-limit key of the client's address. */
  readonly addressKey: string | undefined;
  readonly now: number;
}

const kinds = { verification: "phone-verification", login: "login-code" } as const satisfies Record<
  CodePurpose,
  MessageKind
>;

/**
 * Counts the request, stores a code and requests its message, in one transaction. Who has the number is looked
 * up when the message is sent, so neither the response nor its time can tell.
 *
 * @throws ShopError `too-many-requests` with `retryAfter`; then nothing is counted
 */
export async function requestCode(
  { id, purpose, userId, phone, addressKey, now }: Wanted,
  tx: Tx,
  { phoneCodes, codeHashes, messages, secretBox }: UsersDependencies,
): Promise<void> {
  for (const limit of codeLimits({ phone, userId: userId ?? undefined, addressKey }))
    if (!(await phoneCodes.count(limit, now, tx))) {
      const retryAfter = Math.max(1, Math.ceil((windowEnd(limit, now) - now) / 1000));
      throw new ShopError("too-many-requests", undefined, { retryAfter });
    }
  const code = newCode();
  const expiresAt = now + codeMs;
  await phoneCodes.add({ id, purpose, userId, phone, codeHash: codeHashes.hash(id, code), expiresAt }, tx);
  const [messageId, kind] = [newId(), kinds[purpose]];
  const sealedCode = secretBox.seal(code, codeOf(messageId));
  await messages.add(
    { id: messageId, kind, recipient: phone, userId, sealedCode, attempts: 0, expiresAt, createdAt: now },
    tx,
  );
  tx.publish("users.message-requested", { messageId, kind, userId });
}

/** Associated data of a code's encryption. */
export function codeOf(messageId: string): string {
  return `code of message ${messageId}`;
}
