import { afterAll, describe, expect, test } from "@jest/globals";
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databasePasswordKey } from "../../../config/env.ts";
import { loadConfig } from "../../../config/index.ts";
import { settingsIn } from "../../support/kubernetes.ts";
import { serviceNames } from "../../support/all-contracts.ts";
import { knownSettings } from "../../support/known-settings.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "deploy/systemd");
const unit = (name: string) => readFileSync(join(folder, name), "utf8");
const node = unit("shopserver@.service");
const job = unit("shopserver-job@.service");
const units = readdirSync(folder).filter((name) => /\.(?:service|target)$/.test(name));

const directory = mkdtempSync(join(tmpdir(), "shop-systemd-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** A directive's values, in order. */
const values = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value = ""]) => value);
const seconds = (text: string, name: string) => Number(values(text, name).at(-1));

/** A process' complete environment, with placeholders for secrets. */
function environmentOf(text: string, instance: string): Record<string, string> {
  const own = (values(text, "Environment")[0] ?? "")
    .replaceAll("%i", instance)
    .replaceAll("%H", "app-1")
    .replaceAll("%S", "/var/lib");
  const files = values(text, "EnvironmentFile").map((file) =>
    join(folder, file.replace("/etc/shopserver", "etc").replace("%i", instance)),
  );
  const secrets = settingsIn(join(folder, "etc/secrets", `${instance}.env`));
  const urls: Record<string, string> = {
    AMQP_URL: "amqp://shop:x@mq:5672",
    REDIS_URL: "redis://:x@cache:6379",
    SMTP_URL: "smtp://mail:587",
  };
  return {
    ...Object.fromEntries(
      Object.keys(secrets).map((key) => [key, urls[key] ?? "0123456789abcdef0123456789abcdef"]),
    ),
    ...Object.fromEntries(own.split(" ").map((setting) => setting.split("=") as [string, string])),
    ...(Object.assign({}, ...files.map(settingsIn)) as Record<string, string>),
  };
}

describe("units", () => {
  test.each(serviceNames)("shopserver@%s has settings that the shop knows and takes", (name) => {
    const environment = environmentOf(node, name);
    expect(Object.keys(environment).filter((key) => !knownSettings.has(key))).toEqual(["NODE_ENV"]);
    expect(loadConfig(environment)).toMatchObject({
      shape: "cluster",
      services: [name],
      nodeId: `${name}.app-1`,
    });
    expect(environment.INTERNAL_PORT).toMatch(/^\d+$/);
  });

  test.each(["migrate", "verify"])(
    "shopserver-job@%s has settings that the shop knows and takes, and is there",
    (name) => {
      const environment = environmentOf(job, name);
      expect(Object.keys(environment).filter((key) => !knownSettings.has(key))).toEqual(["NODE_ENV"]);
      expect(
        loadConfig({ ...environment, ...(name === "verify" ? { SERVICES: serviceNames.join(",") } : {}) })
          .shape,
      ).toBe("cluster");
      expect(existsSync(join(root, `services/operations/${name}.ts`))).toBe(true);
    },
  );

  test("no two nodes of a machine have the same ports", () => {
    const ports = serviceNames.flatMap((name) => {
      const { PORT, INTERNAL_PORT } = settingsIn(join(folder, `etc/nodes/${name}.env`));
      return [PORT, INTERNAL_PORT].filter((port) => port !== undefined);
    });
    expect(new Set(ports).size).toBe(ports.length);
  });

  test("no secret is in them, and each node has its own password and no other", () => {
    for (const name of serviceNames) {
      const secrets = settingsIn(join(folder, `etc/secrets/${name}.env`));
      expect(new Set(Object.values(secrets))).toEqual(new Set([""]));
      const passwords = Object.keys(secrets).filter((key) => key.includes("PASSWORD"));
      expect(passwords).toEqual(name === "api" ? [] : [databasePasswordKey(name)]);
      const open = Object.keys({
        ...settingsIn(join(folder, "etc/shop.env")),
        ...settingsIn(join(folder, `etc/nodes/${name}.env`)),
      });
      expect(open.filter((key) => /PASSWORD|KEY|SECRET|AMQP|REDIS|SMTP/.test(key))).toEqual([]);
    }
  });

  test("a node is given the time that it needs to stop", () => {
    const { stop } = loadConfig(environmentOf(node, "api"));
    expect(seconds(node, "TimeoutStopSec")).toBeGreaterThanOrEqual(stop.timeoutMs / 1000 + 5);
    expect(values(node, "KillSignal")).toEqual([]);
  });

  test("jobs are as restricted as nodes", () => {
    const restrictions = (text: string) =>
      text.slice(text.indexOf("# The secrets are read"), text.indexOf("\n[Install]") >>> 0).trim();
    expect(restrictions(job)).toBe(restrictions(node));
    expect(restrictions(node)).toContain("NoNewPrivileges=yes");
  });
});

const analyze = spawnSync("systemd-analyze", ["--version"]).status === 0;
if (!analyze)
  process.stderr.write("\nTHE SYSTEMD UNITS CANNOT BE VERIFIED HERE: systemd-analyze is not installed\n\n");

(analyze ? describe : describe.skip)("systemd-analyze", () => {
  /** Units as they would be installed, with this checkout in place of /opt/shopserver. */
  const installed = units.map((name) => {
    const file = join(directory, name);
    writeFileSync(file, unit(name).replaceAll("/opt/shopserver", root));
    return file;
  });
  const instance = (file: string) => file.replace("@.", "@catalog.");

  test("finds nothing to object to", () => {
    for (const file of installed) if (file !== instance(file)) cpSync(file, instance(file));
    const { status, stdout, stderr } = spawnSync(
      "systemd-analyze",
      ["verify", "--man=no", ...installed.map(instance)],
      { encoding: "utf8" },
    );
    // Ignores faults of other units on this machine.
    const own = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("shopserver"));
    expect({ status, own }).toEqual({ status: 0, own: [] });
  });

  test("objects to a setting that it does not know", () => {
    const file = join(directory, "shopserver-wrong@.service");
    writeFileSync(
      file,
      unit("shopserver@.service").replaceAll("/opt/shopserver", root).replace("PrivateTmp=", "PrivateTemp="),
    );
    cpSync(file, instance(file));
    const { stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", instance(file)], {
      encoding: "utf8",
    });
    expect(stderr).toContain("PrivateTemp");
  });

  test.each(units.filter((name) => name.endsWith(".service")))("%s exposes the machine to little", (name) => {
    // Of 100; the remainder is networking and its addresses.
    const { status, stdout, stderr } = spawnSync(
      "systemd-analyze",
      ["security", "--offline=true", "--threshold=20", "--no-pager", join(directory, name)],
      { encoding: "utf8" },
    );
    expect({ status, said: status === 0 ? "" : `${stdout}${stderr}` }).toEqual({ status: 0, said: "" });
  });
});

describe("rolling-restart.sh", () => {
  /** Runs it with running nodes, on a fake machine that records commands. */
  function roll({ running, unready = [] }: { running: readonly string[]; unready?: readonly string[] }) {
    const machine = mkdtempSync(join(directory, "machine-"));
    const [bin, etc, journal] = [join(machine, "bin"), join(machine, "etc"), join(machine, "journal")];
    mkdirSync(bin);
    cpSync(join(folder, "etc"), etc, { recursive: true });
    writeFileSync(join(etc, "nodes/both.env"), "SERVICES=cart,api\nINTERNAL_PORT=9999\n");
    const program = (name: string, body: string) => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    program(
      "systemctl",
      `if [ "$1" = list-units ]; then printf '%s\\n' ${running.map((name) => `'shopserver@${name}.service loaded active running'`).join(" ")}; else echo "$*" >> ${journal}; fi`,
    );
    const ports = unready.map((name) => settingsIn(join(etc, `nodes/${name}.env`)).INTERNAL_PORT);
    program(
      "curl",
      `echo "ask $7" >> ${journal}; case "$7" in ${ports.map((port) => `*:${port}/ready) exit 22;;`).join(" ")} esac`,
    );
    const { status, stderr } = spawnSync("sh", [join(folder, "rolling-restart.sh")], {
      encoding: "utf8",
      env: { PATH: `${bin}:/usr/bin:/bin`, SHOP_ETC: etc, SHOP_READY_SECONDS: "0" },
    });
    return { status, stderr, done: readFileSync(journal, "utf8").trim().split("\n") };
  }

  test("one after the other, gateways last, each when the one before is ready", () => {
    const { status, done } = roll({ running: ["api", "both", "catalog", "orders"] });
    expect(status).toBe(0);
    expect(done).toEqual([
      "restart shopserver@catalog.service",
      "ask http://127.0.0.1:9103/ready",
      "restart shopserver@orders.service",
      "ask http://127.0.0.1:9105/ready",
      "restart shopserver@api.service",
      "ask http://127.0.0.1:9101/ready",
      "restart shopserver@both.service",
      "ask http://127.0.0.1:9999/ready",
    ]);
  });

  test("at the first that does not become ready it ends, and touches no other", () => {
    const { status, stderr, done } = roll({ running: ["api", "catalog", "orders"], unready: ["catalog"] });
    expect(status).toBe(1);
    expect(stderr).toContain("shopserver@catalog is not ready");
    expect(done).toEqual(["restart shopserver@catalog.service", "ask http://127.0.0.1:9103/ready"]);
  });

  test("is a script that sh understands", () => {
    expect(() => execFileSync("sh", ["-n", join(folder, "rolling-restart.sh")])).not.toThrow();
  });
});
