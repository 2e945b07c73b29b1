import { ConfigError } from "./env.ts";

export interface SecretKeySetting {
  readonly id: string;
  readonly key: string;
}

const keyPattern = /^(?:([a-z0-9-]{1,16}):)?([^\s:]{32,})$/;
/** Id of a key that is given without one. */
const defaultKeyId = "first";

/**
 * Parses `SECRETS_KEY`: comma-separated `id:key`, or a key alone, which gets the id `first`. The first key
 * encrypts, all decrypt.
 *
 * @throws ConfigError when a key is malformed or two have the same id
 */
export function secretKeys(text: string): readonly [SecretKeySetting, ...SecretKeySetting[]] {
  const keys = text.split(",").map((part) => {
    const [, id = defaultKeyId, key] = keyPattern.exec(part.trim()) ?? [];
    if (key === undefined)
      throw new ConfigError(
        "bad setting: SECRETS_KEY: must be id:key, the key of at least 32 characters, several separated by commas",
      );
    return { id, key };
  });
  if (new Set(keys.map(({ id }) => id)).size < keys.length)
    throw new ConfigError("bad setting: SECRETS_KEY: two keys have the same id");
  const [first, ...others] = keys;
  if (!first) throw new ConfigError("bad setting: SECRETS_KEY: must have a key");
  return [first, ...others];
}
