import type { EndpointRepository } from "../data/endpoint-repository.ts";
import { job } from "../webhooks.dependencies.ts";

/** Repositories finished by this process with the current key. */
const done = new WeakSet<EndpointRepository>();

/** Encrypts secrets of an earlier key of `SECRETS_KEY` with the first one. */
export const encryptSecrets = job({
  name: "encrypt-secrets",
  once: "node",
  every: () => 600_000,
  async run({ transaction }, { endpoints }) {
    if (done.has(endpoints)) return;
    await transaction((tx) => endpoints.encryptAll(tx));
    done.add(endpoints);
  },
});
