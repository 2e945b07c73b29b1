import type { HttpAnswer } from "../support/http.ts";
import type { Operation } from "./operations.ts";
import { shapeOf } from "./operations.ts";

export const senders = ["guest", "customer", "administrator"] as const;
export type Sender = (typeof senders)[number];

/** A resource known from responses. */
export interface KnownResource {
  /** As `shapeOf` has its path. */
  readonly shape: string;
  /** Values of the path's placeholders. */
  readonly values: readonly string[];
  /** The first to see it, mostly its owner. */
  readonly sender: Sender;
  /** Shown once, to its creator. */
  readonly token: string | undefined;
  version: number | undefined;
  /** Its values, by their names in requests. */
  readonly inside: Map<string, unknown[]>;
}

/** A resource known by its path only. */
export interface Existing {
  readonly shape: string;
  readonly values: readonly string[];
  readonly sender: Sender;
}

type Json = Readonly<Record<string, unknown>>;

/** Names that differ between requests and responses. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  code: ["recoveryCode"],
  parentId: ["categoryId"],
  category: ["slug"],
  parent: ["slug"],
  cursor: ["nextCursor"],
};
const maxPerShape = 60;
const maxPerName = 60;
const maxResponses = 80;

/** Resources learned from responses. */
export class KnownResources {
  readonly #shapes: ReadonlySet<string>;
  /** The name of the last param in the path of each shape. */
  readonly #keys: ReadonlyMap<string, string>;
  /** Path shapes that staff can access too. */
  readonly #staffs: ReadonlySet<string>;
  readonly #things = new Map<string, Map<string, KnownResource>>();
  readonly #named = new Map<string, unknown[]>();
  readonly #answers: { readonly sender: Sender; readonly json: Json }[] = [];

  constructor(operations: readonly Operation[]) {
    const places = operations.flatMap(({ path, audience }) =>
      placesIn(path).map((place) => ({ place, shape: shapeOf(place), audience })),
    );
    this.#shapes = new Set([
      ...operations.map(({ path }) => shapeOf(path)),
      ...places.map(({ shape }) => shape),
    ]);
    this.#keys = new Map(places.map(({ place, shape }) => [shape, /\{(\w+)\}$/.exec(place)?.[1] ?? ""]));
    this.#staffs = new Set(
      places.filter(({ audience }) => audience === "permitted").map(({ shape }) => shape),
    );
  }

  /** @param which from 0 to 1; the most recent one is the likeliest */
  named(name: string, which: number, near?: KnownResource): unknown {
    const inside = near?.inside.get(name);
    if (inside) return pickRecent(inside, which);
    return pickRecent(
      [name, ...(otherNames[name] ?? [])].flatMap((one) => this.#named.get(one) ?? []),
      which,
    );
  }

  /** A resource that contains a path of this shape, or is part of it. */
  thing(shape: string, which: number): KnownResource | undefined {
    for (let at = shape; at.includes("{}"); at = at.slice(0, at.lastIndexOf("/"))) {
      const found = at.endsWith("{}")
        ? pickRecent([...(this.#things.get(at)?.values() ?? [])], which)
        : undefined;
      if (found) return found;
    }
    return undefined;
  }

  /** An answer that has at least two of these names. */
  alike(
    names: readonly string[],
    which: number,
  ): { readonly sender: Sender; readonly json: Json } | undefined {
    const suiting = this.#answers.filter(
      ({ json }) => names.filter((name) => json[name] !== undefined && json[name] !== null).length >= 2,
    );
    return pickRecent(suiting, which);
  }

  /** Learns from a successful response. */
  learn(operation: Operation, path: string, sender: Sender, answer: HttpAnswer): void {
    const json = jsonIn(answer);
    const location = answer.headers.get("location");
    const at = location ?? path;
    if (operation.method === "DELETE" && answer.status === 204) this.#remove(path);
    if (!json) return;
    if (json["refreshToken"] === undefined) this.#answers.push({ sender, json });
    if (this.#answers.length > maxResponses) this.#answers.shift();
    this.#learnNames(json);
    const task = json["task"];
    this.#learnThing(this.#whereIs(json, at), isObject(task) ? task : json, sender);
    if (Array.isArray(json["items"]))
      for (const item of json["items"].filter(isObject)) this.#learnItem(path, item, sender);
  }

  /** Learns from a problem what a client could continue with. */
  learnFromProblem(answer: HttpAnswer): void {
    const { challenge } = jsonIn(answer) ?? {};
    if (challenge !== undefined) this.name("challenge", challenge);
  }

  name(name: string, value: unknown): void {
    const values = this.#named.get(name) ?? [];
    this.#named.set(name, values);
    values.push(value);
    if (values.length > maxPerName) values.shift();
  }

  add(shape: string, thing: Omit<KnownResource, "shape">): void {
    const known = this.#things.get(shape) ?? new Map<string, KnownResource>();
    this.#things.set(shape, known);
    const key = thing.values.join("/");
    const before = known.get(key);
    known.delete(key);
    known.set(key, {
      ...thing,
      shape,
      token: thing.token ?? before?.token,
      sender: before?.sender ?? thing.sender,
    });
    const [oldest] = known.keys();
    if (known.size > maxPerShape && oldest !== undefined) known.delete(oldest);
  }

  addIds(shape: string, values: readonly string[], sender: Sender): void {
    this.add(shape, { values, sender, token: undefined, version: undefined, inside: new Map() });
    this.name(`${singular(shape.split("/").at(-2) ?? "")}Id`, values.at(-1));
  }

  /** Drops a sender's resources after a change of account. */
  forgetSender(sender: Sender): void {
    for (const [shape, things] of this.#things)
      if (!this.#staffs.has(shape))
        for (const [key, thing] of things) if (thing.sender === sender) things.delete(key);
    for (let index = this.#answers.length - 1; index >= 0; index -= 1)
      if (this.#answers[index]?.sender === sender) this.#answers.splice(index, 1);
  }

  /** A response to a change of a part is often the whole. */
  #whereIs({ id }: Json, path: string): string {
    for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/")))
      if (at.endsWith(`/${String(id)}`)) return at;
    return path;
  }

  #remove(path: string): void {
    const { shape, values } = this.#placeOf(path) ?? {};
    if (shape !== undefined && values) this.#things.get(shape)?.delete(values.join("/"));
  }

  #learnItem(collection: string, item: Json, sender: Sender): void {
    const place = this.#placeOf(`${collection}/x`);
    if (!place) return;
    const key = item[this.#keys.get(place.shape) ?? ""] ?? item["id"];
    if (typeof key === "string") this.#learnThing(`${collection}/${encodeURIComponent(key)}`, item, sender);
  }

  /** Records a resource and its parts. */
  #learnThing(path: string, json: Json, sender: Sender): void {
    const place = this.#placeOf(path);
    if (!place) return;
    this.name(`${singular(place.shape.split("/").at(-2) ?? "")}Id`, place.values.at(-1));
    const inside = new Map<string, unknown[]>();
    for (const [name, value] of Object.entries(json)) {
      if (!Array.isArray(value)) continue;
      const parts = value.filter(isObject).filter(({ id }) => typeof id === "string");
      if (parts.length > 0)
        inside.set(
          `${singular(name)}Id`,
          parts.map(({ id }) => id),
        );
      for (const part of parts)
        for (const at of [`${path}/${name}`, `/api/v1/${name}`]) this.#learnItem(at, part, sender);
    }
    const { version, token } = json;
    this.add(place.shape, {
      values: place.values,
      sender,
      version: numberOr(version),
      token: typeof token === "string" ? token : undefined,
      inside,
    });
  }

  #learnNames(json: Json): void {
    for (const [name, value] of Object.entries(json)) {
      if (Array.isArray(value)) {
        for (const item of value)
          if (isObject(item)) this.#learnNames(item);
          else this.name(singular(name), item);
      } else if (isObject(value)) {
        this.name(name, value);
        this.#learnNames(value);
      } else if (typeof value === "string" && name !== "id") this.name(name, value);
    }
  }

  /** Shape of a path; literal segments win over placeholders. */
  #placeOf(path: string): { shape: string; values: string[] } | undefined {
    const parts = path.split("/");
    const fit = (shape: string) => {
      const wanted = shape.split("/");
      return (
        wanted.length === parts.length &&
        wanted.every((part, index) => part === "{}" || part === parts[index])
      );
    };
    const [shape] = [...this.#shapes]
      .filter(fit)
      .sort((one, other) => one.split("{}").length - other.split("{}").length);
    if (shape === undefined || !shape.endsWith("{}")) return undefined;
    const values = shape
      .split("/")
      .flatMap((part, index) => (part === "{}" ? [decodeURIComponent(parts[index] ?? "")] : []));
    return { shape, values };
  }
}

/** Prefixes of a path that end with a placeholder: `/orders/{id}`, `/orders/{id}/refunds/{refundId}`. */
function placesIn(path: string): string[] {
  return [...path.matchAll(/\{\w+\}/g)].map(({ index, 0: mark }) => path.slice(0, index + mark.length));
}

function pickRecent<T>(values: readonly T[], which: number): T | undefined {
  return values[values.length - 1 - Math.floor(which * which * values.length)] ?? values.at(-1);
}

function singular(name: string): string {
  return name
    .replace(/ies$/, "y")
    .replace(/(ss)es$/, "$1")
    .replace(/([^s])s$/, "$1");
}

function numberOr(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function jsonIn({ headers, body }: HttpAnswer): Json | undefined {
  if (!/^application\/(?:problem\+)?json/.test(headers.get("content-type") ?? "") || body === "")
    return undefined;
  const value: unknown = JSON.parse(body);
  return isObject(value) ? value : undefined;
}
