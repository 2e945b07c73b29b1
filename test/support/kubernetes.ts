import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseAllDocuments } from "yaml";

/** The fields these tests read; the Kubernetes schema checks the rest. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

const root = join(import.meta.dirname, "../..");

/** The command that builds kustomizations; undefined without one. */
export function kustomize(): readonly [string, ...string[]] | undefined {
  const works = (command: string, ...args: string[]) => {
    try {
      execFileSync(command, args, { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  };
  if (works("kustomize", "version")) return ["kustomize", "build"];
  if (works("kubectl", "kustomize", "--help")) return ["kubectl", "kustomize"];
  return undefined;
}

/**
 * Builds a kustomization like `kubectl apply -k`.
 *
 * @throws Error with its message
 */
export function build(directory: string): KubernetesObject[] {
  const [command, ...args] = kustomize() ?? ["kustomize"];
  return objectsIn(
    execFileSync(command, [...args, directory], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
  );
}

/** The documents of a YAML text. @throws Error when it is no YAML, or names something twice */
export function objectsIn(text: string): KubernetesObject[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as KubernetesObject;
  });
}

/** All YAML files of a folder and those in it. */
export function yamlFiles(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) return yamlFiles(path);
    return name.endsWith(".yaml") ? [path] : [];
  });
}

/**
 * Checks objects against the published Kubernetes API types: unknown, missing and mistyped fields.
 *
 * @returns faults with lines of the objects as JSON; empty without one
 */
export function faultsOf(objects: readonly KubernetesObject[]): string {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, "kubernetes-"));
  try {
    for (const [index, object] of objects.entries()) {
      const file = join(directory, `${index}-${object.kind}-${object.metadata.name}.ts`);
      const module = `kubernetes-types/${moduleOf(object.apiVersion)}`;
      const text = `import type { ${object.kind} } from "${module}";\n\nexport default ${JSON.stringify(object, null, 2)} satisfies ${object.kind};\n`;
      writeFileSync(file, text);
    }
    const compilerOptions = {
      noEmit: true,
      strict: true,
      module: "esnext",
      moduleResolution: "bundler",
      types: [],
    };
    writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    execFileSync(process.execPath, [join(root, "node_modules/.bin/tsc"), "--project", directory], {
      cwd: directory,
      stdio: "pipe",
      encoding: "utf8",
    });
    return "";
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (!stdout) throw error;
    return stdout;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** `networking.k8s.io/v1` is in `networking/v1`, `v1` in `core/v1`. */
function moduleOf(apiVersion: string): string {
  const [group = "", version] = apiVersion.split("/");
  return version === undefined ? `core/${group}` : `${group.replace(/\.k8s\.io$/, "")}/${version}`;
}

/** A file as the checkout names it. */
export function named(path: string): string {
  return relative(root, path);
}

/** Lines `NAME=value`. */
export function settingsIn(file: string): Record<string, string> {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
