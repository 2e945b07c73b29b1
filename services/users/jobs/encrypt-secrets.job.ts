import type { TwoFactorRepository } from "../data/two-factor-repository.ts";
import { job } from "../users.dependencies.ts";

/** While nodes of an earlier version run, who cannot read it yet, nothing of what they know is encrypted. */
const upgradeMs = 10 * 60_000;
const batch = 100;

/** By process: what has been gone over with the key that encrypts now need not be again. */
const done = new WeakSet<TwoFactorRepository>();

/**
 * Encrypts what was kept before there was a key, or with an earlier one. It is read meanwhile, and whoever changes it is
 * not in the way: each row is exchanged only as it was found. Any number of nodes can do it at once.
 */
export const encryptSecrets = job({
  name: "encrypt-secrets",
  every: ({ shape, sweepIntervalMs }) => (shape === "embedded" ? sweepIntervalMs : upgradeMs),
  async run({ log, transaction }, { signingKeys, twoFactor }) {
    if (done.has(twoFactor)) return;
    let count = await transaction((tx) => signingKeys.encryptAll(tx));
    for (let after: string | undefined = ""; after !== undefined; ) {
      const from: string = after;
      const batchDone = await transaction((tx) => twoFactor.encryptSome(from, batch, tx));
      count += batchDone.encrypted;
      after = batchDone.last;
    }
    done.add(twoFactor);
    if (count > 0) log.info(`all secrets in the users' database are encrypted with the first key of SECRETS_KEY; ${count} were not before`);
  },
});
