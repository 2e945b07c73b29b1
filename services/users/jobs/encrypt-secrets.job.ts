import type { TwoFactorRepository } from "../data/two-factor-repository.ts";
import { job } from "../users.dependencies.ts";

/** Delay for a rolling upgrade: nodes of an earlier version cannot read encrypted secrets. */
const upgradeMs = 10 * 60_000;
const batch = 100;

/** Repositories finished by this process with the current key. */
const done = new WeakSet<TwoFactorRepository>();

/**
 * Encrypts secrets stored in plain text or with an earlier key. Runs online and on any number of nodes: each
 * row changes by compare-and-set.
 */
export const encryptSecrets = job({
  name: "encrypt-secrets",
  once: "node",
  every: ({ shape, sweepIntervalMs }) => (shape === "embedded" ? sweepIntervalMs : upgradeMs),
  async run({ log, transaction }, { signingKeys, twoFactor }) {
    if (done.has(twoFactor)) return;
    let count = await transaction((tx) => signingKeys.encryptAll(tx));
    for (let after: string | undefined = ""; after !== undefined;) {
      const from: string = after;
      const batchDone = await transaction((tx) => twoFactor.encryptSome(from, batch, tx));
      count += batchDone.encrypted;
      after = batchDone.last;
    }
    done.add(twoFactor);
    if (count > 0)
      log.info(`encrypted ${count} secrets in the users' database; all use the first key of SECRETS_KEY now`);
  },
});
