import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { installedServicesOf } from "../../../config/index.ts";
import { deploymentFiles } from "../../../deploy/render/deployments.ts";
import { withParts } from "../../../deploy/render/parts.ts";

const root = join(import.meta.dirname, "../../..");

describe("a service in a folder of its own, outside the project", () => {
  const extensions = mkdtempSync(join(tmpdir(), "shop-render-"));
  let files: Map<string, string | undefined>;
  beforeAll(async () => {
    const folder = join(extensions, "gift-notes");
    mkdirSync(folder);
    writeFileSync(
      join(folder, "gift-notes.service.ts"),
      `import { defineContract } from "${root}/mixins/contract/contract.ts";
       import { defineService } from "${root}/mixins/service/define-service.ts";
       const contract = defineContract({ name: "gift-notes", summary: "Notes for gifts", consumes: ["orders.placed"], actions: {}, events: {} });
       export default defineService(contract, { migrations: [], dependencies: () => ({}), actions: [] });`,
    );
    writeFileSync(
      join(folder, "gift-notes.deployment.ts"),
      `export default { replicas: 3, memoryMiB: 256, waitingEvents: 50, secrets: { PRINTER_KEY: { about: "Of the printer." } } };`,
    );
    files = await deploymentFiles(installedServicesOf({ SHOP_EXTENSIONS: extensions }));
  });
  afterAll(() => rmSync(extensions, { recursive: true }));
  const text = (file: string) => files.get(`deploy/${file}`) ?? "";

  test("has a schema, an account and rights", () => {
    const sql = text("mysql/accounts.sql");
    expect(sql).toContain("CREATE DATABASE IF NOT EXISTS shop_gift_notes;");
    expect(sql).toContain("CREATE USER IF NOT EXISTS shop_gift_notes@'%' IDENTIFIED BY '{{gift_notes}}';");
    expect(sql).toContain(
      "GRANT SELECT, INSERT, UPDATE, DELETE ON shop_gift_notes.* TO shop_gift_notes@'%';",
    );
    expect(sql).toMatch(/^GRANT .*CREATE, ALTER.* ON shop_gift_notes\.\* TO shop_migrate@'%';$/m);
    expect(text("mysql/accounts-operations.sql")).toMatch(
      /^GRANT .* ON shop_gift_notes\.\* TO shop_backup@'%';$/m,
    );
  });

  test("has a container with its secrets", () => {
    const { services } = parse(text("docker/compose.yaml"), { merge: true }) as {
      services: Record<string, { environment: Record<string, string>; deploy: object }>;
    };
    expect(services["gift-notes"]).toMatchObject({
      environment: {
        SERVICES: "gift-notes",
        DATABASE_PASSWORD_GIFT_NOTES: expect.any(String),
        PRINTER_KEY: expect.any(String),
      },
      deploy: { replicas: 3, resources: { limits: { memory: "256M" } } },
    });
    expect(services["mysql-primary"]?.environment).toHaveProperty("DATABASE_PASSWORD_GIFT_NOTES");
    expect(text("docker/.env.example")).toMatch(
      /^DATABASE_PASSWORD_GIFT_NOTES=\n# Of the printer\.\nPRINTER_KEY=$/m,
    );
  });

  test("has a unit's files, with the next free port", () => {
    const nodes = join(root, "deploy/systemd/etc/nodes");
    const ports = readdirSync(nodes).map((file) =>
      Number(/^INTERNAL_PORT=(\d+)$/m.exec(readFileSync(join(nodes, file), "utf8"))?.[1]),
    );
    expect(text("systemd/etc/nodes/gift-notes.env")).toMatch(
      new RegExp(`^INTERNAL_PORT=${Math.max(...ports) + 1}$`, "m"),
    );
    expect(text("systemd/etc/secrets/gift-notes.env")).toMatch(
      /^DATABASE_PASSWORD_GIFT_NOTES=\n# Of the printer\.\nPRINTER_KEY=$/m,
    );
    expect(text("systemd/etc/secrets/verify.env")).toMatch(/^DATABASE_PASSWORD_GIFT_NOTES=$/m);
  });

  test("has a deployment, which its queue scales, and its secrets", () => {
    expect(text("kubernetes/base/gift-notes.yaml")).toContain("secretRef: { name: shop-gift-notes }");
    expect(parse(text("kubernetes/base/kustomization.yaml"))).toMatchObject({
      resources: expect.arrayContaining(["gift-notes.yaml"]),
    });
    expect(text("kubernetes/components/queue-depth/kustomization.yaml")).toMatch(
      /consumer: gift-notes \} \}\n.*averageValue: "50"/,
    );
    expect(text("kubernetes/overlays/production/secrets.template.yaml")).toContain(
      '  DATABASE_PASSWORD_GIFT_NOTES: ""\n  PRINTER_KEY: ""\n',
    );
  });

  test("is missed when no node runs it", () => {
    expect(text("monitoring/alerts.yml")).toContain('"service", "gift-notes"');
  });
});

test("a service that is left out leaves nothing behind", async () => {
  const files = await deploymentFiles(installedServicesOf({ SHOP_WITHOUT: "audit" }));
  for (const file of [
    "kubernetes/base/audit.yaml",
    "systemd/etc/nodes/audit.env",
    "systemd/etc/secrets/audit.env",
  ]) {
    expect(files.has(`deploy/${file}`)).toBe(true);
    expect(files.get(`deploy/${file}`)).toBeUndefined();
  }
  for (const [file, text = ""] of files)
    expect({ file, names: /shop[-_]audit\b|\bSERVICES: audit|_AUDIT\b|AUDIT_KEY/.test(text) }).toEqual({
      file,
      names: false,
    });
});

test("a part that is missing in a file, or that nothing renders, is named", () => {
  expect(() => withParts("a\n", { services: "" })).toThrow("no part is called services");
  expect(() => withParts("# >> services (npm run render)\n# << services\n", {})).toThrow(
    "nothing renders services",
  );
});
