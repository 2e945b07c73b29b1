import { readFileSync } from "node:fs";
import { z } from "zod";
import { schema } from "../../config/env.ts";
import { paymentProviders } from "../../services/orders/payments/providers/index.ts";

interface Setting {
  readonly group: string;
  readonly key: string;
  readonly meaning: string;
  /** Its environment form; undefined: absent by default. */
  readonly standard: string | undefined;
  /** Allowed values, if the schema says more than "text". */
  readonly values: string;
}

const root = new URL("../../", import.meta.url);

/** All settings: those of `config/env.ts`, then those of each payment provider. */
export function readSettings(): Setting[] {
  const ofProviders = paymentProviders.flatMap(({ name, settings }) =>
    settingsIn(`services/orders/payments/providers/${name}.ts`, settings, `Payment provider ${name}`),
  );
  return [...settingsIn("config/env.ts", schema), ...ofProviders];
}

/** Settings in the file's order; `// …` starts a group, and a comment applies to its block. */
function settingsIn(file: string, schema: z.ZodObject, heading = ""): Setting[] {
  const [, source = ""] =
    /const (?:schema|settings) = z\.object\(\{\n([^]*?)\n\}\);/.exec(
      readFileSync(new URL(file, root), "utf8"),
    ) ?? [];
  const parts = source.matchAll(
    /^ {2}\/\/ (?<head>.+)$|^ {2}\/\*\*(?<text>[^]*?)\*\/$|^ {2}(?<key>[A-Z][A-Z0-9_]*):/gm,
  );
  const settings: Setting[] = [];
  let [group, meaning] = [heading, ""];
  for (const { groups: { head, text, key } = {} } of parts) {
    if (head !== undefined) [group, meaning] = [head, ""];
    else if (text !== undefined)
      meaning = text
        .replaceAll(/\n\s*\*?/g, " ")
        .replaceAll(/\s+/g, " ")
        .trim();
    else if (key !== undefined)
      settings.push({ group, key, meaning, ...takenBy(schema.shape[key] as z.ZodType) });
  }
  return settings;
}

function takenBy(type: z.ZodType): Pick<Setting, "standard" | "values"> {
  const parsed = type.safeParse(undefined).data;
  const given = z.toJSONSchema(type, { io: "input", unrepresentable: "any" });
  const { minimum, maximum } = z.toJSONSchema(type, { io: "output", unrepresentable: "any" });
  const scalar = typeof parsed === "number" || typeof parsed === "boolean" ? String(parsed) : undefined;
  const range = minimum === undefined || maximum === undefined ? "" : `${minimum} to ${maximum}`;
  return {
    standard: (given.default as string | undefined) ?? scalar,
    values: given.enum?.map((one) => `\`${String(one)}\``).join(", ") ?? range,
  };
}

/** `docs/settings.md`. */
export function settingsPage(settings: readonly Setting[]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const groups = Map.groupBy(settings, ({ group }) => group);
  return [
    "# Settings",
    "",
    "Set these in the environment of a node; a wrong value stops the start and is named. Durations end in their",
    "unit, money is in minor units of `CURRENCY`. `npm run render` renders this page and `.env.example` from",
    "`config/env.ts` and the payment providers.",
    ...[...groups].flatMap(([group, members]) => [
      "",
      `## ${group}`,
      "",
      "| Setting | Default | Values | Meaning |",
      "|---|---|---|---|",
      ...members.map(
        ({ key, standard, values, meaning }) =>
          `| \`${key}\` | ${standard ? `\`${cell(standard)}\`` : ""} | ${values} | ${cell(meaning)} |`,
      ),
    ]),
    "",
  ].join("\n");
}

/** `.env.example`. */
export function envExample(settings: readonly Setting[]): string {
  const quoted = (text: string) => (/^[\w.,:/@+-]*$/.test(text) ? text : `'${text}'`);
  const wrapped = (text: string) => (text.match(/\S.{0,105}(?!\S)/g) ?? []).map((part) => `# ${part}`);
  return [
    "# All settings with their defaults, rendered from the source by npm run render. Copy to .env, take the # off",
    "# what shall differ, and start with: set -a; . ./.env; set +a; npm start",
    ...settings.flatMap(({ group, key, standard = "", meaning }, at) => [
      ...(group === settings[at - 1]?.group ? [] : ["", `# == ${group} ==`]),
      ...(meaning === settings[at - 1]?.meaning ? [] : wrapped(meaning)),
      `#${key}=${quoted(standard)}`,
    ]),
    "",
  ].join("\n");
}

/** Files rendered from the settings, with their contents. */
export function settingsFiles(): Map<string, string> {
  const settings = readSettings();
  return new Map([
    ["docs/settings.md", settingsPage(settings)],
    [".env.example", envExample(settings)],
  ]);
}
