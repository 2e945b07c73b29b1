import { describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, normalize, relative } from "node:path";
import { parse } from "yaml";
import { databasePasswordKey } from "../../../config/env.ts";
import { loadConfig } from "../../../config/index.ts";
import { clientResolver } from "../../../services/api/request/client-address.ts";
import { errorCatalogue } from "../../../mixins/contract/errors.ts";
import { catalog } from "../../../services/catalog/catalog.contract.ts";
import { serviceNames } from "../../support/all-contracts.ts";
import { dataServices } from "../../support/data-services.ts";
import { knownSettings } from "../../support/known-settings.ts";

interface ComposeService {
  image?: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  restart?: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  environment?: Record<string, string | null>;
  volumes?: string[];
  networks?: string[];
  ports?: string[];
  profiles?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { disable?: boolean; test?: string[] };
  deploy?: { resources: { limits: { memory: string } } };
}

interface Compose {
  services: Record<string, ComposeService>;
  networks: Record<string, { ipam?: { config: { subnet: string }[] } }>;
  volumes: Record<string, unknown>;
}

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "deploy/docker");
const read = (...path: string[]) => readFileSync(join(...path), "utf8");

const composeText = read(folder, "compose.yaml");
const compose = parse(composeText, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ofTheShop = services.filter(([, { build }]) => build);
const dockerfile = read(folder, "Dockerfile");
const nginx = read(folder, "nginx/nginx.conf");
/** The included part, also without Docker. */
const shared = (file: string) => read(folder, "../nginx/shop", file);

/** Lines of .env.example: required settings are empty, optional ones are comments with defaults. */
const example = new Map(
  [...read(folder, ".env.example").matchAll(/^(#?)([A-Z_]+)=(.*)$/gm)].map(
    ([, hash, name = "", value = ""]) => [
      name,
      hash === "#" ? { optional: true, value } : { optional: false, value },
    ],
  ),
);

/** Files that the Dockerfile copies from the checkout. */
const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = ""]) =>
  sources.split(" "),
);

const isCopied = (path: string) => copied.some((source) => path === source || path.startsWith(`${source}/`));

/** Interpolates like `docker compose`, with values for settings without defaults. */
function interpolated(text: string): string {
  return text.replaceAll(
    /\$\{([A-Z_]+)(?::([?-])([^}]*))?\}/g,
    (_whole, name: string, kind: string, fallback: string) => {
      if (kind === "-") return fallback;
      return name === "ADMIN_EMAIL" ? "ada@example.org" : `${name.toLowerCase()}-`.padEnd(32, "0");
    },
  );
}

function environmentOf({ environment = {} }: ComposeService): Record<string, string> {
  const given = Object.entries(environment).map(([name, value]) => [
    name,
    interpolated(value ?? example.get(name)?.value ?? ""),
  ]);
  return Object.fromEntries(given) as Record<string, string>;
}

describe("compose.yaml", () => {
  test.each(services)("%s runs without any right that it does not need", (_name, service) => {
    expect(service.image).toMatch(/^[\w.-]+:\S+$/);
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    // The shop's own image declares USER; other images start as root by default.
    if (!service.build) expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    if (service.restart === "unless-stopped")
      expect(service.deploy?.resources.limits.memory).toMatch(/^\d+[MG]$/);
  });

  test.each(services)(
    "%s depends on reachable conditions only",
    (_name, { depends_on: dependencies = {} }) => {
      for (const [name, { condition }] of Object.entries(dependencies)) {
        const dependency = compose.services[name];
        expect(dependency).toBeDefined();
        const hasCheck = dependency?.healthcheck
          ? dependency.healthcheck.disable !== true
          : dependency?.build !== undefined;
        if (condition === "service_completed_successfully")
          expect(dependency?.restart).toMatch(/^on-failure/);
        else
          expect({ name, condition, hasCheck }).toEqual({
            name,
            condition: "service_healthy",
            hasCheck: true,
          });
      }
    },
  );

  test.each(services)(
    "%s finds its files, volumes and networks",
    (_name, { volumes = [], networks = [], build }) => {
      for (const volume of volumes) {
        const [source = ""] = volume.split(":");
        if (source.startsWith(".")) expect(existsSync(join(folder, source))).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
        if (source.startsWith(".")) expect(volume).toMatch(/:ro$/);
      }
      for (const network of networks) expect(Object.keys(compose.networks)).toContain(network);
      if (build) expect(existsSync(join(folder, build.context, build.dockerfile))).toBe(true);
    },
  );

  test("every variable is explained in .env.example, and no secret has a default", () => {
    const used = [...composeText.matchAll(/(?<!\$)\$\{([A-Z_]+)(?::([?-])([^}]*))?\}/g)];
    for (const [, name = "", kind, fallback] of used) {
      const known = example.get(name);
      expect({ name, required: kind === "?" }).toEqual({ name, required: known?.optional === false });
      if (kind === "?") expect({ name, value: known?.value }).toEqual({ name, value: "" });
      else expect({ name, value: known?.value }).toEqual({ name, value: fallback });
      if (/PASSWORD/.test(name)) expect({ name, kind }).toEqual({ name, kind: "?" });
    }
    const passedOn = ofTheShop.flatMap(([, { environment = {} }]) =>
      Object.entries(environment).flatMap(([name, value]) => (value === null ? [name] : [])),
    );
    const names = new Set([...used.map(([, name]) => name), ...passedOn]);
    expect([...example.keys()].filter((name) => !names.has(name))).toEqual([]);
    for (const name of passedOn)
      expect({ name, optional: example.get(name)?.optional }).toEqual({ name, optional: true });
  });

  test("defaults that .env.example tells are the shop's own", () => {
    const given = Object.fromEntries(
      [...example].flatMap(([name, { optional, value }]) => (optional ? [[name, value]] : [])),
    );
    const { DEMO_DATA: _, ...same } = given;
    expect({ ...loadConfig(same), nodeId: "" }).toEqual({
      ...loadConfig({}),
      nodeId: "",
      database: expect.anything(),
      settings: expect.anything(),
    });
  });

  test.each(ofTheShop)("%s has settings that the shop knows and takes", (_name, service) => {
    const settings = environmentOf(service);
    expect(Object.keys(settings).filter((key) => !knownSettings.has(key))).toEqual([]);
    expect(loadConfig(settings).shape).toBe("cluster");
  });

  test("each service has containers of its own, with its own password and no other", () => {
    for (const name of serviceNames) {
      const service = compose.services[name];
      const passwords = Object.keys(service?.environment ?? {}).filter((key) => key.includes("PASSWORD"));
      expect(service?.environment?.SERVICES).toBe(name);
      expect(passwords).toEqual(name === "api" ? [] : [databasePasswordKey(name)]);
    }
  });

  test("the containers' programs are in the image", () => {
    for (const [, { command = [] }] of ofTheShop)
      for (const file of command.filter((part) => /\.[jt]s$/.test(part))) {
        expect(existsSync(join(root, file))).toBe(true);
        expect(isCopied(file)).toBe(true);
      }
  });

  test("gateways believe the network of nginx, and only the gateways share it", () => {
    const subnet = compose.networks.edge?.ipam?.config[0]?.subnet ?? "";
    expect(compose.services.api?.environment?.TRUSTED_PROXIES).toBe(subnet);
    expect(() => clientResolver([interpolated(subnet)])).not.toThrow();
    expect(services.filter(([, { networks }]) => networks?.includes("edge")).map(([name]) => name)).toEqual([
      "nginx",
      "api",
    ]);
  });

  test("nothing but nginx can be reached from outside", () => {
    expect(services.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(["nginx"]);
  });
});

describe("the servers' configuration", () => {
  test("nginx listens where the port is published and finds the gateways at theirs", () => {
    expect(compose.services.nginx?.ports?.[0]).toMatch(/:8080$/);
    expect(nginx).toMatch(/^ {4}listen 8080;$/m);
    const [, port] = /^ +PORT=(\d+)/m.exec(dockerfile) ?? [];
    expect(nginx).toContain(`server api:${port} resolve`);
    for (const [, file = ""] of nginx.matchAll(/include shop\/(\S+);/g)) expect(shared(file)).not.toBe("");
    expect(dockerfile).toContain(`EXPOSE ${port}`);
  });

  test("nginx lets pass whatever the gateway takes", () => {
    const { path, upload } = catalog.actions["imports.start"].route ?? {};
    const [, limit] =
      new RegExp(`location = /api/v1${path} \\{\\s+client_max_body_size (\\d+)m;`).exec(
        shared("server.conf"),
      ) ?? [];
    expect(Number(limit) * 1024 * 1024).toBeGreaterThan(upload?.maxBytes ?? Number.NaN);
  });

  test("nginx's own errors are problems of the shop's catalogue", () => {
    const bodies = [...shared("server.conf").matchAll(/return (\d{3}) '(\{.*\})';/g)];
    expect(bodies).toHaveLength(3);
    for (const [, status, body = ""] of bodies) {
      const problem = JSON.parse(body) as { type: string; title: string; status: number };
      const { [problem.type.replace("/problems/", "") as keyof typeof errorCatalogue]: entry } =
        errorCatalogue;
      expect(problem).toMatchObject({ title: entry.title, status: entry.status });
      expect(Number(status)).toBe(entry.status);
    }
  });

  test("every account gets its password, from a variable that its container has", () => {
    const { environment = {} } = compose.services["mysql-primary"] ?? {};
    const passwords = Object.keys(environment)
      .filter((key) => key.includes("PASSWORD"))
      .map((key) => [key, `of-${key}`]);
    const accounts = join(root, "deploy/mysql/accounts.sql");
    // In place of the client, which would be given the statements.
    const script = `mysql() { cat; }\n${read(folder, "mysql/primary.sh").replace("/shop/accounts.sql", accounts)}`;
    const env = { PATH: "/usr/bin:/bin", ...(Object.fromEntries(passwords) as Record<string, string>) };
    const sql = execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8", env });
    const accountsMade = [
      ...sql.matchAll(/^CREATE USER IF NOT EXISTS shop_(\w+)@'%' IDENTIFIED BY '(.*)';$/gm),
    ].map(([, name = "", password]) => [name, password]);
    const servers = { migrate: "MIGRATION", replication: "REPLICATION", monitor: "MONITOR" };
    expect(Object.fromEntries(accountsMade)).toEqual({
      ...Object.fromEntries(
        dataServices.map((name) => [name.replaceAll("-", "_"), `of-${databasePasswordKey(name)}`]),
      ),
      ...Object.fromEntries(
        Object.entries(servers).map(([name, key]) => [name, `of-DATABASE_${key}_PASSWORD`]),
      ),
    });
    expect(sql).not.toContain("{{");
    for (const file of ["primary", "replica"]) {
      const given = Object.keys(compose.services[`mysql-${file}`]?.environment ?? {});
      for (const [, name] of read(folder, `mysql/${file}.sh`).matchAll(/\$([A-Z_]+)/g))
        expect(given).toContain(name);
    }
  });
});

describe("Dockerfile", () => {
  test("copied files exist and are not ignored by the build", () => {
    const seen = read(root, ".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    expect(copied.length).toBeGreaterThan(0);
    for (const source of copied) {
      expect(existsSync(join(root, source))).toBe(true);
      expect(seen).toContain(source);
    }
  });

  test("packages lose maps, types, documents, tests and unused fonts, and keep code and licences", async () => {
    const directory = await mkdtemp(join(tmpdir(), "shop-packages-"));
    try {
      const kept = [
        "a/index.js",
        "a/LICENSE.md",
        "a/lib/test/index.js",
        "@b/c/package.json",
        "@b/c/docs.js",
        "a/node_modules/d/x.cjs",
        "test/index.js",
        "@embedpdf/x/fonts/X-Regular.otf",
      ];
      const lost = [
        "a/index.js.map",
        "a/README.md",
        "a/lib/x.d.ts",
        "a/test/x.js",
        "@b/c/docs/x.html",
        "a/node_modules/d/.github/x.yml",
        "@embedpdf/x/fonts/X-Bold.otf",
      ];
      for (const path of [...kept, ...lost]) {
        const file = join(directory, "node_modules", path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, "");
      }
      const commands = [...dockerfile.matchAll(/^RUN (find (?:.*\\\n)*.*)$/gm)].map(
        ([, command = ""]) => command,
      );
      expect(commands).toHaveLength(3);
      for (const command of commands) execFileSync("sh", ["-c", command], { cwd: directory });
      const left = await readdir(join(directory, "node_modules"), { recursive: true, withFileTypes: true });
      const files = left
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => relative(join(directory, "node_modules"), join(parentPath, name)));
      expect(files.toSorted()).toEqual(kept.toSorted());
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test("the code is read-only for the process", () => {
    expect(dockerfile.lastIndexOf("\nUSER node")).toBeGreaterThan(dockerfile.lastIndexOf("\nCOPY"));
    expect(dockerfile).not.toMatch(/COPY .*--chown/);
  });

  test("the code in the image needs nothing that is not in it, but for the payment sandbox, which it does not ask for", () => {
    const { dependencies } = JSON.parse(read(root, "package.json")) as {
      dependencies: Record<string, string>;
    };
    const missing = copied.flatMap(codeIn).flatMap((file) =>
      importsOf(file).filter((name) => {
        if (name.startsWith(".")) return !isCopied(normalize(join(file, "..", name)));
        if (name.startsWith("node:") || builtinModules.includes(name)) return false;
        return !(packageOf(name) in dependencies);
      }),
    );
    expect(missing).toEqual(["../../../../deploy/psp-sandbox/start-in-process.ts"]);
    expect(dockerfile).toMatch(/^ENV (?:.*\\\n +)*PAYMENT_PROVIDERS=manual/m);
  });
});

/** The TypeScript files of a file or folder, from the root of the checkout. */
function codeIn(path: string): string[] {
  if (!statSync(join(root, path)).isDirectory()) return path.endsWith(".ts") ? [path] : [];
  return readdirSync(join(root, path)).flatMap((name) => codeIn(join(path, name)));
}

/** Run-time imports, without types. */
function importsOf(file: string): string[] {
  const code = read(root, file);
  const found = code.matchAll(
    /^(?:import|export) (?!type )(?:[^"';]*? from )?"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].map(([, direct, dynamic]) => direct ?? dynamic ?? "");
}

function packageOf(name: string): string {
  return name.split("/", name.startsWith("@") ? 2 : 1).join("/");
}
