import { ConfigError } from "./env.ts";

export interface SecretKeySetting {
  readonly id: string;
  readonly key: string;
}

const form = /^(?:([a-z0-9-]{1,16}):)?([^\s:]{32,})$/;
/** Of a key that is given without one. */
const onlyId = "first";

/**
 * Keys as `SECRETS_KEY` has them: `id:key`, or a key alone, whose id is `first`; several separated by commas, the one that
 * encrypts first.
 *
 * @throws ConfigError when they are not such, or two have the same id
 */
export function secretKeys(text: string): readonly [SecretKeySetting, ...SecretKeySetting[]] {
  const keys = text.split(",").map((part) => {
    const [, id = onlyId, key] = form.exec(part.trim()) ?? [];
    if (key === undefined)
      throw new ConfigError("bad setting: SECRETS_KEY: must be id:key, the key of at least 32 characters, several separated by commas");
    return { id, key };
  });
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw new ConfigError("bad setting: SECRETS_KEY: two keys have the same id");
  const [first, ...others] = keys;
  if (!first) throw new ConfigError("bad setting: SECRETS_KEY: must have a key");
  return [first, ...others];
}
