import { readFile } from "node:fs/promises";

/**
 * Checks, without a network, that `package-lock.json` can be trusted to install the same again, and that every package
 * may be used: each comes from the registry with a checksum, and under a licence of the list.
 */

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly license?: string;
  readonly optional?: boolean;
}

/** Licences that ask for no more than to be named. */
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
const root = new URL("../", import.meta.url);

/** What is wrong with one package; empty when nothing is. */
export function faultsOf(path: string, { resolved, integrity, license }: LockedPackage): string[] {
  const faults = [];
  // The configured registry is asked and nobody else; the checksum tells whether it gave the right thing.
  if (resolved !== undefined) faults.push(`${path} is tied to ${resolved}`);
  if (!integrity?.startsWith("sha512-")) faults.push(`${path} has no SHA-512 checksum`);
  if (!isAllowed(license)) faults.push(`${path} has the licence ${license ?? "that it does not tell"}`);
  return faults;
}

/** An SPDX expression: one of several that are offered is enough, of those that all hold each one counts. */
export function isAllowed(license: string | undefined): boolean {
  if (license === undefined) return false;
  const bare = license.replaceAll(/[()]/g, "").trim();
  return bare.split(/ OR /i).some((choice) => choice.split(/ AND /i).every((one) => allowed.has(one.trim())));
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
  const license = manifest.license ?? manifest.licence ?? manifest.licenses?.[0]?.type ?? (await licenceInFile(path));
  return license ? { ...locked, license } : locked;
}

/** For packages whose licence is only its own text. */
async function licenceInFile(path: string): Promise<string | undefined> {
  const text = await readFile(new URL(`${path}/LICENSE`, root), "utf8").catch(() => "");
  return text.startsWith("MIT License") ? "MIT" : undefined;
}

async function main(): Promise<void> {
  const { packages } = (await json("package-lock.json")) as { packages: Record<string, LockedPackage> };
  const manifest = (await json("package.json")) as Record<string, Record<string, string>>;
  const faults: string[] = [];
  for (const [path, locked] of Object.entries(packages)) if (path !== "" && !locked.link) faults.push(...faultsOf(path, await withLicence(path, locked)));
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"])
    for (const [name, version] of Object.entries(manifest[kind] ?? {}))
      if (!/^\d+\.\d+\.\d+$/.test(version)) faults.push(`${name} is not pinned: ${version}`);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.stdout.write(`${Object.keys(packages).length - 1} packages, ${faults.length} faults\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

if (import.meta.main) await main();
