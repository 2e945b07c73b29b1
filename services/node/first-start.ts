import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServiceBroker } from "moleculer";
import type { Config } from "../../config/index.ts";
import type { ActionName, Input, Result } from "../contract/calls.ts";

/**
 * Gives a new shop an administrator and something to sell. On later starts it changes nothing.
 *
 * @returns the file that holds the administrator's first password, when this shop made one up
 */
export async function prepareShop(broker: ServiceBroker, config: Config): Promise<string | undefined> {
  const file = join(config.dataDir, "administrator-password.txt");
  const kept = await readFile(file, "utf8").catch(() => undefined);
  const password = config.administrator.password ?? kept?.trim() ?? randomBytes(15).toString("base64url");
  // Written before the account is made: a crash in between must not leave an account that nobody can use.
  if (config.administrator.password === undefined && kept === undefined)
    await writeFile(file, `${password}\n`, { mode: 0o600, flag: "wx" });

  const call = <N extends ActionName>(name: N, params: Input<N>) =>
    broker.call<Result<N>, Input<N>>(name, params, { meta: { caller: { kind: "system", name: "start" } } });
  await call("users.administrator.ensure", { email: config.administrator.email, password });
  if (config.demoData) await call("catalog.demo.seed", {});
  return config.administrator.password === undefined ? file : undefined;
}
