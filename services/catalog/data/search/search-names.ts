import type { Database, Tx } from "../../../../mixins/database/database.ts";
import { insertRows } from "../../../../mixins/database/query/insert-rows.ts";
import type { AttributeKind, Choice } from "../../domain/attribute.ts";
import { attributeFacet } from "../../domain/facet-rows.ts";
import { termsOfName } from "../../domain/search/index-terms.ts";
import { labelsOf, namesOf } from "../../domain/search/labels.ts";
import type { SearchWord } from "../../domain/search/search-query.ts";
import { readSearch } from "../../domain/search/search-query.ts";
import { parsed } from "../json-column.ts";

/** What has products and names that people search them by; an attribute has those of its values. */
export type NamedEntity = "category" | "brand" | "type" | "attribute";

/** What a word names, each with the share of its name that the search has. */
export interface Named {
  /** Ids; subcategories included. */
  readonly categories: ReadonlyMap<string, number>;
  /** Ids. */
  readonly brands: ReadonlyMap<string, number>;
  /** Types and labelled values of attributes, the best first. */
  readonly facets: readonly NamedFacet[];
}

export interface NamedFacet {
  readonly facet: string;
  readonly value: string;
  readonly share: number;
}

export const nothingNamed: Named = { categories: new Map(), brands: new Map(), facets: [] };

interface NameRow {
  readonly term: string;
  readonly entity: NamedEntity;
  readonly id: string;
  readonly name: string | null;
  readonly texts: string | null;
  /** Of a category. */
  readonly path: string | null;
  /** Of an attribute. */
  readonly code: string | null;
  readonly kind: AttributeKind | null;
  readonly choices: string | null;
}

/** Something named by the search, with the terms of its names. */
interface NamedThing {
  readonly entity: NamedEntity;
  /** An id, or the value of an attribute. */
  readonly id: string;
  readonly path: string | null;
  readonly facet: string | null;
  readonly terms: ReadonlySet<string>;
  readonly share: number;
  /** Whether the search has the last word of the name: `phone` that of smart phones, not of phone cases. */
  readonly isHead: boolean;
}

const termsRead = 1000;
const namesPerSearch = 40;
const facetsPerWord = 6;
/** Some shops give a name in two languages, or two names. */
const betweenNames = /[/|,、・·]/u;
const subcategoriesPerSearch = 500;
/** Of a category's name in its subcategories, which have names of their own. */
const inheritedShare = 0.8;
/** Of a name without its last word, which says what it is: cases are no phones. */
const modifierShare = 0.4;

/** Indexes the names, in all languages, that something has after a change; none when it is removed. */
export async function indexNames(
  database: Database,
  entity: NamedEntity,
  id: string,
  names: readonly string[],
  tx: Tx,
): Promise<void> {
  await database.execute("DELETE FROM search_names WHERE entity_id = ?", [id], tx);
  const terms = new Set(names.flatMap(termsOfName));
  await insertRows(
    database,
    "search_names",
    [...terms].map((term) => ({ term, entity, entity_id: id })),
    tx,
  );
}

/** For each word, what it names; the best matching names only, if there are many. */
export async function namedBy(database: Database, words: readonly SearchWord[]): Promise<Named[]> {
  const searched = new Set(words.flatMap((word) => [...word.terms.keys()]));
  const rows = await database.select<NameRow>(
    `SELECT named.term, named.entity, named.entity_id AS id, COALESCE(c.name, b.name, t.name, a.name) AS name,
       COALESCE(c.texts, b.texts, t.texts, a.texts) AS texts, c.path, a.code, a.kind, a.choices FROM (
       SELECT term, entity, entity_id FROM search_names WHERE term IN (?) LIMIT ${termsRead}) named
     LEFT JOIN categories c ON c.id = named.entity_id LEFT JOIN brands b ON b.id = named.entity_id
     LEFT JOIN product_types t ON t.id = named.entity_id LEFT JOIN attributes a ON a.id = named.entity_id`,
    [[...searched]],
  );
  const things = [...new Map(rows.map((row) => [row.id, row])).values()]
    .flatMap((row) => thingsOf(row, searched))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, namesPerSearch);
  const paths = things.flatMap(({ path }) => (path === null ? [] : [path]));
  const below = paths.length === 0 ? [] : await categoriesBelow(database, paths);
  return words.map((word) => {
    const its = things.filter(({ terms }) => [...word.terms.keys()].some((term) => terms.has(term)));
    const categories = new Map(
      below.flatMap(({ id, path }) => {
        const share = shareOfPath(path, its);
        return share > 0 ? [[id, share]] : [];
      }),
    );
    const brands = new Map(its.flatMap(({ entity, id, share }) => (entity === "brand" ? [[id, share]] : [])));
    const facets = its.flatMap(({ facet, id, share }) =>
      facet === null ? [] : [{ facet, value: id, share }],
    );
    return { categories, brands, facets: facets.slice(0, facetsPerWord) };
  });
}

/** How well a category is named, by itself or by those above it unless its own name says that it is something else. */
function shareOfPath(categoryPath: string, things: readonly NamedThing[]): number {
  const above = things
    .filter(({ path }) => path !== null && categoryPath.startsWith(path))
    .toSorted((a, b) => (b.path ?? "").length - (a.path ?? "").length);
  const nearest = above.findIndex(({ isHead }) => !isHead);
  const counted = nearest === -1 ? above : above.slice(0, nearest + 1);
  return Math.max(
    0,
    ...counted.map(({ path, share }) => (path === categoryPath ? share : share * inheritedShare)),
  );
}

/** The entity, or the values of an attribute, as far as the search has terms of their names. */
function thingsOf(row: NameRow, searched: ReadonlySet<string>): NamedThing[] {
  const { entity, id, path, code, kind } = row;
  const named = { name: row.name ?? "", texts: parsed(row.texts, {}) };
  const facet = entity === "type" ? "type" : null;
  if (code === null || kind === null) {
    const its = found(namesOf(named), searched);
    const share = its.isHead || entity === "brand" ? its.share : its.share * modifierShare;
    return [{ entity, id, path, facet, ...its, share }];
  }
  return labelsOf({ ...named, kind, choices: parsed<Choice[]>(row.choices, []) })
    .map(({ value, names }) => ({
      entity,
      id: value,
      path,
      facet: attributeFacet(code),
      ...found(names, searched),
    }))
    .filter(({ share }) => share > 0);
}

type Found = Pick<NamedThing, "terms" | "share" | "isHead">;

/** The searched terms of names, and the share of the best name that the search has. */
function found(names: readonly string[], searched: ReadonlySet<string>): Found {
  const terms = new Set(names.flatMap(termsOfName).filter((term) => searched.has(term)));
  if (terms.size === 0) return { terms, share: 0, isHead: false };
  const has = (word: SearchWord) => [...word.terms.keys()].some((term) => searched.has(term));
  const alternatives = names.flatMap((name) => name.split(betweenNames));
  const shares = alternatives.map((text) => {
    const nameWords = readSearch(text).words.filter(({ optional }) => !optional);
    const last = nameWords.at(-1);
    const share = nameWords.filter(has).length / Math.max(1, nameWords.length);
    return { share, isHead: last !== undefined && has(last) };
  });
  const [best] = shares.toSorted((a, b) => Number(b.isHead) - Number(a.isHead) || b.share - a.share);
  return { terms, share: best?.share ?? 0, isHead: best?.isHead ?? false };
}

/** The names, in all languages, of products and of their categories and brands. */
export async function namesAround(database: Database, productIds: readonly string[]): Promise<string[]> {
  if (productIds.length === 0) return [];
  const rows = await database.select<Record<"name" | "category" | "brand" | `${string}Texts`, string | null>>(
    `SELECT p.name, p.texts AS nameTexts, c.name AS category, c.texts AS categoryTexts, b.name AS brand,
       b.texts AS brandTexts FROM products p LEFT JOIN categories c ON c.id = p.category_id
     LEFT JOIN brands b ON b.id = p.brand_id WHERE p.id IN (?)`,
    [productIds],
  );
  return rows.flatMap((row) =>
    (["name", "category", "brand"] as const).flatMap((of) =>
      namesOf({ name: row[of] ?? "", texts: parsed(row[`${of}Texts`] ?? null, {}) }),
    ),
  );
}

async function categoriesBelow(
  database: Database,
  paths: readonly string[],
): Promise<{ readonly id: string; readonly path: string }[]> {
  return database.select(
    `SELECT id, path FROM categories WHERE ${paths.map(() => "(path >= ? AND path < ?)").join(" OR ")} LIMIT ${subcategoriesPerSearch}`,
    paths.flatMap((path) => [path, `${path}\u{10FFFF}`]),
  );
}
