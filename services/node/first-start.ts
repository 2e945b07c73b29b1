import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServiceBroker } from "moleculer";
import type { Config } from "../../config/index.ts";
import { ConfigError } from "../../config/index.ts";
import type { ActionName, Input, Result } from "../../mixins/contract/calls.ts";
import { isShopError } from "../../mixins/contract/errors.ts";

/** Generous: on a busy machine, hashing and seeding are slow, and only the start waits. */
const timeout = 5 * 60_000;

type Call = <N extends ActionName>(
  name: N,
  params: Input<N>,
  kind?: "system" | "operator",
) => Promise<Result<N>>;

/** Services that prepare a new shop, as far as they are installed. */
export function preparingServices({ installed }: Pick<Config, "installed">): string[] {
  return ["users", "catalog"].filter((name) => installed.some((service) => service.name === name));
}

/**
 * Creates a new shop's administrator and demonstration catalogue. Idempotent.
 *
 * @returns the file with the administrator's first password, if this shop generated one
 * @throws ConfigError when `ADMIN_PASSWORD` is a common password
 */
export async function prepareShop(broker: ServiceBroker, config: Config): Promise<string | undefined> {
  const call: Call = (name, params, kind = "system") =>
    broker.call(name, params, { meta: { caller: { kind, name: "start" } }, timeout });
  const services = preparingServices(config);
  const file = services.includes("users") ? await ensureAdministrator(call, config) : undefined;
  if (config.demoData && services.includes("catalog")) await call("catalog.demo.seed", {});
  return file;
}

async function ensureAdministrator(call: Call, config: Config): Promise<string | undefined> {
  const { email, password: given } = config.administrator;
  const file = join(config.dataDir, "administrator-password.txt");
  const stored =
    given === undefined ? (await readFile(file, "utf8").catch(() => undefined))?.trim() : undefined;

  // Operators read from the primary: a replica may not even have the tables yet.
  const { items: administrators } = await call("users.list", { role: "administrator", limit: 1 }, "operator");
  const isNew = administrators.length === 0;
  if (isNew) {
    const password = given ?? stored ?? randomBytes(15).toString("base64url");
    // Written before the account is created: after a crash in between, the password must be known.
    if (given === undefined && stored === undefined)
      await writeFile(file, `${password}\n`, { mode: 0o600, flag: "wx" });
    await call("users.administrator.ensure", { email, password }).catch((error: unknown) => {
      if (given === undefined || !isShopError(error, "validation-failed")) throw error;
      throw new ConfigError(
        `bad setting: ADMIN_PASSWORD: ${(error.data.errors ?? []).map(({ message }) => message).join("; ")}`,
      );
    });
  }
  return stored !== undefined || (isNew && given === undefined) ? file : undefined;
}
