import { readFile } from "node:fs/promises";
import { readCommandLine } from "../mixins/support/command-line.ts";

/**
 * Checks offline that `package-lock.json` is reproducible and that every package may be used: each comes from
 * the registry with a checksum, under an allowed licence.
 */

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly license?: string;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

/** Permissive licences. */
const allowed = new Set([
  "MIT",
  "MIT-0",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "CC-BY-4.0",
  "Python-2.0",
  "Unlicense",
  "Zlib",
  "OFL-1.1",
  "WTFPL",
]);
/**
 * Of libvips, which `sharp` loads as a shared library: packages of its own, unmodified and replaceable, as the
 * licence asks.
 */
const sharedLibrary = { packages: /^@img\/sharp-/, licence: "LGPL-3.0-or-later" };
const root = new URL("../", import.meta.url);

/** Faults of one package; empty without one. */
export function faultsOf(
  path: string,
  locked: LockedPackage,
  scripts: Readonly<Record<string, boolean>> = {},
): string[] {
  const { resolved, integrity, license, hasInstallScript = false } = locked;
  const faults = [];
  // Only the configured registry is used; the checksum verifies its packages.
  if (resolved !== undefined) faults.push(`${path} is tied to ${resolved}`);
  if (!integrity?.startsWith("sha512-")) faults.push(`${path} has no SHA-512 checksum`);
  const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  if (hasInstallScript && scripts[name] !== false)
    faults.push(`${path} has an install script that allowScripts does not deny`);
  if (!isAllowed(license, name)) faults.push(`${path} has the licence ${license ?? "that it does not tell"}`);
  return faults;
}

/** An SPDX expression: one of several that are offered is enough, of those that all hold each one counts. */
export function isAllowed(license: string | undefined, name = ""): boolean {
  if (license === undefined) return false;
  const isFine = (one: string) =>
    allowed.has(one) || (one === sharedLibrary.licence && sharedLibrary.packages.test(name));
  const bare = license.replaceAll(/[()]/g, "").trim();
  return bare.split(/ OR /i).some((choice) => choice.split(/ AND /i).every((one) => isFine(one.trim())));
}

async function json(path: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(path, root), "utf8"));
}

/** The lock file names most licences; the packages name the rest. */
async function withLicence(path: string, locked: LockedPackage): Promise<LockedPackage> {
  if (locked.license !== undefined) return locked;
  const manifest = (await json(`${path}/package.json`).catch(() => ({}))) as {
    license?: string;
    licence?: string;
    licenses?: { type: string }[];
  };
  const license =
    manifest.license ?? manifest.licence ?? manifest.licenses?.[0]?.type ?? (await licenceInFile(path));
  return license ? { ...locked, license } : locked;
}

/** For packages whose licence is only in a text file. */
async function licenceInFile(path: string): Promise<string | undefined> {
  const text = (file: string) => readFile(new URL(`${path}/${file}`, root), "utf8").catch(() => "");
  if ((await text("LICENSE")).startsWith("MIT License")) return "MIT";
  return /^## License\s+MIT\s*$/m.test(await text("Readme.md")) ? "MIT" : undefined;
}

const line = {
  name: "check:licences",
  about:
    "Checks that every package is locked with its checksum, pinned, runs no install script, and is under an allowed licence.",
  options: {},
} as const;

async function main(): Promise<void> {
  await readCommandLine(line, () => undefined);
  const { packages } = (await json("package-lock.json")) as { packages: Record<string, LockedPackage> };
  const manifest = (await json("package.json")) as Record<string, Record<string, string>> & {
    allowScripts: Record<string, boolean>;
  };
  const faults: string[] = [];
  for (const [path, locked] of Object.entries(packages))
    if (path !== "" && !locked.link)
      faults.push(...faultsOf(path, await withLicence(path, locked), manifest.allowScripts));
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"])
    for (const [name, version] of Object.entries(manifest[kind] ?? {}))
      if (!/^\d+\.\d+\.\d+$/.test(version)) faults.push(`${name} is not pinned: ${version}`);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.stdout.write(`${Object.keys(packages).length - 1} packages, ${faults.length} faults\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

if (import.meta.main) await main();
