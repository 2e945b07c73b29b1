import type { KindName, Variables, VariableType } from "./kinds.ts";
import { kindOf } from "./kinds.ts";
import type { Renderable, Value, Values } from "./values.ts";

/** Texts by name of the variable; others show their name. */
const texts: Readonly<Record<string, string>> = {
  number: "K7Q2-9XMD",
  quantity: "2",
  name: 'Mug <blue> & "large"',
  carrier: "Parcel Post",
  trackingNumber: "PP123456789GB",
  device: "Mozilla/5.0 (X11; Linux x86_64)",
  address: "192.0.2.7",
};

/** A notification with sample data for every variable of a kind; a name has characters that HTML must escape. */
export function sampleOf(kind: KindName, currency: string, locale: string, now: number): Renderable {
  const values = samples(kindOf(kind).variables, currency, locale, now);
  return { kind, subjectId: "019c0000-0000-7000-8000-000000000000", values, occurredAt: now };
}

function samples(variables: Variables, currency: string, locale: string, now: number): Values {
  const valueOf = (name: string, type: VariableType): Value => {
    if (typeof type === "object") return [samples(type, currency, locale, now)];
    if (type === "money") return { amount: name === "before" ? 2999 : 1999, currency };
    if (type === "time") return now;
    if (type === "localized") return { byLocale: { [locale]: texts["name"] ?? name } };
    return texts[name] ?? name;
  };
  return Object.fromEntries(Object.entries(variables).map(([name, type]) => [name, valueOf(name, type)]));
}
