import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** A symmetric key for secrets that must stay decryptable. */
export interface SecretKey {
  /** Stored with the ciphertext, for key rotation. */
  readonly id: string;
  readonly key: string;
}

const mark = "enc1";
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts secrets at rest (AES-256-GCM). The purpose is associated data: a ciphertext moved to another row
 * fails to decrypt.
 */
export class SecretBox {
  readonly #current: string;
  readonly #keys: ReadonlyMap<string, Buffer>;

  /** @param keys the first one encrypts; the others decrypt, as former or future keys */
  constructor(keys: readonly [SecretKey, ...SecretKey[]]) {
    this.#current = keys[0].id;
    this.#keys = new Map(
      keys.map(({ id, key }) => [id, Buffer.from(hkdfSync("sha256", key, "", "secrets at rest", 32))]),
    );
  }

  /** @param about the purpose, e.g. whose secret it is */
  seal(secret: string, about: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#keyOf(this.#current), iv).setAAD(Buffer.from(about));
    const sealed = Buffer.concat([iv, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `${mark}:${this.#current}:${sealed.toString("base64url")}`;
  }

  /**
   * Decrypts a sealed secret; returns plain text from before encryption as it is.
   *
   * @throws Error for an unknown key, an altered ciphertext or another purpose
   */
  open(stored: string, about: string): string {
    const [isMarked, id = "", text = ""] = stored.split(":", 3);
    if (isMarked !== mark) return stored;
    const sealed = Buffer.from(text, "base64url");
    const key = this.#keyOf(id);
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(-tagBytes));
      return decipher.update(sealed.subarray(ivBytes, -tagBytes), undefined, "utf8") + decipher.final("utf8");
    } catch (cause) {
      throw new Error(`decryption failed: the secret of ${about} with the key ${id} of SECRETS_KEY`, {
        cause,
      });
    }
  }

  /** True when it is encrypted with the current key. */
  isCurrent(stored: string): boolean {
    return stored.startsWith(`${mark}:${this.#current}:`);
  }

  #keyOf(id: string): Buffer {
    const key = this.#keys.get(id);
    if (!key)
      throw new Error(
        `SECRETS_KEY is missing the key ${id}, with which secrets in the database are encrypted`,
      );
    return key;
  }
}
