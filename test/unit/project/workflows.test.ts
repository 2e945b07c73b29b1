import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../../..");
const text = (file: string) => readFileSync(join(root, file), "utf8");

test("every hosted pipeline runs .ci/run and nothing else", () => {
  const github = parse(text(".github/workflows/ci.yml")) as {
    jobs: Record<string, { steps: { run?: string }[] }>;
  };
  const gitee = parse(text(".workflow/ci.yml")) as { stages: { steps: { commands: string[] }[] }[] };
  const runs = Object.values(github.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  expect(runs).toEqual([".ci/run"]);
  expect(gitee.stages.flatMap(({ steps }) => steps.flatMap(({ commands }) => commands))).toEqual([".ci/run"]);
  expect(statSync(join(root, ".ci/run")).mode & 0o111).not.toBe(0);
});

test("Renovate's rules name packages of this project", () => {
  const { packageRules } = JSON.parse(text("renovate.json")) as {
    packageRules: { matchPackageNames?: string[] }[];
  };
  const manifest = JSON.parse(text("package.json")) as Record<string, Record<string, string>>;
  const known = ["dependencies", "devDependencies", "optionalDependencies"].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
  const named = packageRules.flatMap(({ matchPackageNames = [] }) => matchPackageNames);
  const isKnown = (name: string) =>
    name.startsWith("/")
      ? known.some((one) => new RegExp(name.slice(1, -1)).test(one))
      : known.includes(name);
  // Node itself, as images and hosted machines name it.
  expect(named.filter((name) => name !== "node" && !isKnown(name))).toEqual([]);
});

test("the devcontainer has the Node of production, and editors get the extensions that it has", () => {
  const container = text(".devcontainer/devcontainer.json");
  const [, image = ""] = /"image": "(.+?)"/.exec(container) ?? [];
  expect(text("deploy/docker/Dockerfile")).toContain(`FROM ${image}-slim`);
  for (const name of (JSON.parse(text(".vscode/extensions.json")) as { recommendations: string[] })
    .recommendations)
    expect(container).toContain(`"${name}"`);
});
