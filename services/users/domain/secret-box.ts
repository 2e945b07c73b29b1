import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** A key for secrets that must be kept readable. */
export interface SecretKey {
  /** Stands beside what it encrypts, so that keys can follow one another. */
  readonly id: string;
  readonly key: string;
}

const mark = "enc1";
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts what a table must keep and nobody should read there (AES-256-GCM). What it was put away for belongs to it: moved
 * to another row, it does not open.
 */
export class SecretBox {
  readonly #current: string;
  readonly #keys: ReadonlyMap<string, Buffer>;

  /** @param keys the first one encrypts; the others are those of earlier times, or of the time to come */
  constructor(keys: readonly [SecretKey, ...SecretKey[]]) {
    this.#current = keys[0].id;
    this.#keys = new Map(keys.map(({ id, key }) => [id, Buffer.from(hkdfSync("sha256", key, "", "secrets at rest", 32))]));
  }

  /** @param about what it is put away for, e.g. whose it is */
  seal(secret: string, about: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#keyOf(this.#current), iv).setAAD(Buffer.from(about));
    const sealed = Buffer.concat([iv, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `${mark}:${this.#current}:${sealed.toString("base64url")}`;
  }

  /**
   * What was sealed, or what was put there before there were keys.
   *
   * @throws Error when its key is not among the given ones, or it was altered, or put away for something else
   */
  open(stored: string, about: string): string {
    const [isMarked, id = "", text = ""] = stored.split(":", 3);
    if (isMarked !== mark) return stored;
    const sealed = Buffer.from(text, "base64url");
    const key = this.#keyOf(id);
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(-tagBytes));
      return decipher.update(sealed.subarray(ivBytes, -tagBytes), undefined, "utf8") + decipher.final("utf8");
    } catch (cause) {
      throw new Error(`the secret of ${about} does not open with the key ${id} of SECRETS_KEY`, { cause });
    }
  }

  /** Whether it is encrypted with the key that encrypts now. */
  isCurrent(stored: string): boolean {
    return stored.startsWith(`${mark}:${this.#current}:`);
  }

  #keyOf(id: string): Buffer {
    const key = this.#keys.get(id);
    if (!key) throw new Error(`SECRETS_KEY lacks the key ${id}, with which secrets in the database are encrypted`);
    return key;
  }
}
