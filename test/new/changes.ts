import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

const root = fileURLToPath(new URL("../../", import.meta.url));
const templates = fileURLToPath(new URL("templates/", import.meta.url));

/** Of a file or folder of the project, said from its root. */
export function pathTo(file: string): string {
  return join(root, file);
}

/** @throws TypeError when the project has no such file */
export function readSource(file: string): string {
  if (!existsSync(pathTo(file))) throw new TypeError(`there is no ${file}`);
  return readFileSync(pathTo(file), "utf8");
}

/** Files to be created and changed. `write` writes all of them, once the plan is complete. */
export class Changes {
  readonly #created = new Map<string, string>();
  readonly #changed = new Map<string, string>();

  get created(): readonly string[] {
    return [...this.#created.keys()];
  }

  get changed(): readonly string[] {
    return [...this.#changed.keys()];
  }

  /**
   * Creates the files of a folder of `templates`. A name in capitals stands for a value in their paths, a name in
   * double braces in their text.
   *
   * @throws TypeError when one of them exists, or a name that it declares is taken
   */
  create(
    template: string,
    paths: Readonly<Record<string, string>>,
    values: Readonly<Record<string, string>>,
  ): void {
    const cwd = join(templates, template);
    for (const source of globSync("**/*.txt", { cwd }).toSorted()) {
      const file = source.replace(/\.txt$/, "").replaceAll(/[A-Z]+/g, (key) => given(paths, key));
      if (existsSync(pathTo(file))) throw new TypeError(`${file} exists and is not overwritten`);
      const text = readFileSync(join(cwd, source), "utf8").replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) =>
        given(values, key),
      );
      assertDeclarable(file, text);
      this.#created.set(file, text);
    }
  }

  /**
   * @param change returns undefined when the source is not as it expects
   * @param missing what it did not find then
   * @throws TypeError naming the file and what is missing in it
   */
  change(file: string, missing: string, change: (source: string) => string | undefined): void {
    const text = change(this.#changed.get(file) ?? readSource(file));
    if (text === undefined) throw new TypeError(`${file} has no ${missing}`);
    this.#changed.set(file, text);
  }

  write(): void {
    for (const [file, text] of [...this.#created, ...this.#changed]) {
      mkdirSync(dirname(pathTo(file)), { recursive: true });
      writeFileSync(pathTo(file), text);
    }
  }
}

function given(values: Readonly<Record<string, string>>, key: string): string {
  const value = values[key];
  if (value === undefined) throw new Error(`a template has ${key}, which stands for nothing`);
  return value;
}

/** Refuses names that the language reserves, or that the file imports. */
function assertDeclarable(file: string, text: string): void {
  const imports = text.matchAll(/^import (?:type )?\{([^}]*)\}/gm);
  const imported = new Set([...imports].flatMap(([, names = ""]) => names.split(/[\s,]+/)));
  for (const [, name = ""] of text.matchAll(/^export const (\w+)/gm))
    if (imported.has(name) || isReserved(name))
      throw new TypeError(`${file}: the name '${name}' is taken or reserved`);
}

function isReserved(name: string): boolean {
  try {
    return !new Script(`"use strict"; const ${name} = 0;`);
  } catch {
    return true;
  }
}
