import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** An installed service: a `<name>.service.ts` (or `.js`), alone or in a folder. */
export interface InstalledService {
  readonly name: string;
  /** File whose default export is the service's schema. */
  readonly file: string;
  /** File beside it that exports the contract; undefined when `file` exports it, or for a plain schema. */
  readonly contractFile: string | undefined;
}

/** An installed service cannot be determined. The message is one line. */
export class InstalledServicesError extends Error {
  override name = "InstalledServicesError";
}

const projectRoot = fileURLToPath(new URL("../", import.meta.url));
const serviceFile = /^([a-z][a-z0-9-]*)\.service\.[tj]s$/;

/** Operators' service. Every node runs it; `SERVICES` and `SHOP_WITHOUT` cannot name it. */
export const onEveryNode = "operations";

/**
 * Finds the services in the folders of `services/`, in `extensions/` and in `SHOP_EXTENSIONS`.
 *
 * @param extensions folders (relative to the project, or absolute) and npm packages
 * @param without names of services to leave out
 * @throws InstalledServicesError naming a missing or duplicate service
 */
export function installedServices(
  extensions: readonly string[] = [],
  without: readonly string[] = [],
): readonly InstalledService[] {
  const own = join(projectRoot, "extensions");
  const roots = [
    join(projectRoot, "services"),
    ...(existsSync(own) ? [own] : []),
    ...extensions.map(directoryOf),
  ];
  const byName = new Map<string, InstalledService>();
  for (const found of roots.flatMap(servicesIn)) {
    const same = byName.get(found.name);
    if (same && same.file !== found.file)
      throw new InstalledServicesError(`two services are called ${found.name}: ${same.file}, ${found.file}`);
    byName.set(found.name, found);
  }
  for (const name of without) {
    if (name === onEveryNode)
      throw new InstalledServicesError(`${name} runs on every node and cannot be left out`);
    if (!byName.delete(name))
      throw new InstalledServicesError(`no service is called ${name}: ${[...byName.keys()].join(", ")}`);
  }
  return [...byName.values()].toSorted((one, other) => order(one.name) - order(other.name));
}

/** The gateway comes first: it accepts requests once all other services have started. */
function order(name: string): number {
  return name === "api" ? 0 : 1;
}

function servicesIn(root: string): InstalledService[] {
  const entries = readdirSync(root, { withFileTypes: true }).toSorted((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  return entries.flatMap((entry) => {
    const path = join(root, entry.name);
    if (entry.isDirectory() || (entry.isSymbolicLink() && statSync(path).isDirectory()))
      return entry.name === "node_modules"
        ? []
        : readdirSync(path).flatMap((file) => serviceAt(join(path, file)));
    return serviceAt(path);
  });
}

function serviceAt(file: string): InstalledService[] {
  const name = serviceFile.exec(basename(file))?.[1];
  if (name === undefined) return [];
  const contractFile = join(dirname(file), basename(file).replace(".service.", ".contract."));
  return [{ name, file, contractFile: existsSync(contractFile) ? contractFile : undefined }];
}

/** @throws InstalledServicesError when it is neither a folder nor an installed package */
function directoryOf(extension: string): string {
  const folder = resolve(projectRoot, extension);
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
  try {
    return dirname(createRequire(join(projectRoot, "package.json")).resolve(`${extension}/package.json`));
  } catch {
    throw new InstalledServicesError(
      `SHOP_EXTENSIONS: ${extension} is neither a folder nor an installed package`,
    );
  }
}
