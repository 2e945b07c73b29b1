import type { Address } from "../../../../mixins/contract/fields.ts";
import type { DemoCity } from "./demo-merchant.ts";

export interface DemoPerson {
  readonly name: string;
  readonly nickname?: string;
  readonly gender?: "female" | "male" | "other";
  readonly birthday?: string;
  readonly locale: "en" | "zh-CN" | "ja";
  readonly city: DemoCity;
  /** Slugs of the departments that they buy from. */
  readonly likes: readonly [string, string];
}

type Row = readonly [
  name: string,
  gender: DemoPerson["gender"],
  birthday: string | undefined,
  locale: DemoPerson["locale"],
  city: DemoCity,
  likes: DemoPerson["likes"],
  nickname?: string,
];

const rows: readonly Row[] = [
  ["Nora Bell", "female", "1988-03-14", "en", "london", ["food", "home-and-living"], "Nora"],
  ["Henry Cole", "male", "1979-11-02", "en", "leeds", ["books", "food"]],
  ["Amara Obi", "female", "1992-07-21", "en", "london", ["beauty", "womens-clothing"], "amara"],
  ["Jack Fenn", "male", "1995-01-30", "en", "seattle", ["computers", "phones"]],
  ["Priya Nair", "female", "1984-09-09", "en", "london", ["mother-and-child", "food"]],
  ["Luke Sands", "male", undefined, "en", "leeds", ["shoes", "health"]],
  ["Zoe Martin", "female", "2001-05-17", "en", "seattle", ["phones", "womens-clothing"], "zo"],
  ["Omar Haddad", "male", "1973-12-25", "en", "london", ["food", "books"]],
  ["Ella Novak", "female", "1990-02-11", "en", "berlin", ["home-and-living", "gifts"]],
  ["Sam Doyle", "other", "1998-08-08", "en", "leeds", ["computers", "mens-clothing"]],
  ["Grace Kim", "female", "1986-04-04", "en", "seattle", ["beauty", "food"]],
  ["Felix Braun", "male", "1969-10-19", "en", "berlin", ["household-appliances", "books"]],
  ["Maya Stein", "female", "1994-06-23", "en", "berlin", ["shoes", "womens-clothing"]],
  ["Ben Archer", "male", "1982-01-05", "en", "london", ["mens-clothing", "phones"]],
  ["Lucia Romano", "female", "1977-03-29", "en", "berlin", ["home-and-living", "food"], "lu"],
  ["Noah Wells", "male", undefined, "en", "seattle", ["health", "shoes"]],
  ["Ivy Chandra", "female", "1999-12-12", "en", "london", ["books", "gifts"]],
  ["Theo Marsh", "male", "1991-09-01", "en", "leeds", ["computers", "household-appliances"]],
  ["王小雨", "female", "1993-05-06", "zh-CN", "shanghai", ["beauty", "womens-clothing"], "小雨"],
  ["李明", "male", "1987-08-18", "zh-CN", "hangzhou", ["food", "phones"], "茶客老李"],
  ["张丽", "female", "1985-02-27", "zh-CN", "shanghai", ["mother-and-child", "home-and-living"]],
  ["陈伟", "male", "1990-10-10", "zh-CN", "hangzhou", ["computers", "phones"], "键盘侠客"],
  ["刘芳", "female", "1976-07-15", "zh-CN", "shanghai", ["household-appliances", "food"]],
  ["赵磊", "male", undefined, "zh-CN", "hangzhou", ["shoes", "mens-clothing"]],
  ["孙悦", "female", "2000-01-20", "zh-CN", "shanghai", ["phones", "beauty"], "悦悦"],
  ["周航", "male", "1983-04-13", "zh-CN", "hangzhou", ["books", "food"]],
  ["吴静", "female", "1989-11-11", "zh-CN", "shanghai", ["home-and-living", "gifts"], "静静"],
  ["郑强", "male", "1972-06-01", "zh-CN", "hangzhou", ["health", "household-appliances"]],
  ["林晓", "female", "1996-03-08", "zh-CN", "shanghai", ["womens-clothing", "shoes"]],
  ["何平", "male", "1981-09-24", "zh-CN", "hangzhou", ["food", "computers"]],
  ["佐藤葵", "female", "1992-04-02", "ja", "tokyo", ["beauty", "food"], "あおい"],
  ["鈴木翔", "male", "1988-12-03", "ja", "tokyo", ["shoes", "phones"]],
  ["高橋結衣", "female", "1997-07-07", "ja", "kyoto", ["womens-clothing", "books"], "ゆい"],
  ["田中健", "male", "1975-05-30", "ja", "tokyo", ["household-appliances", "food"]],
  ["伊藤さくら", "female", "1984-03-27", "ja", "kyoto", ["mother-and-child", "home-and-living"], "さくら"],
  ["渡辺陸", "male", undefined, "ja", "tokyo", ["computers", "phones"]],
  ["山本凛", "female", "1999-10-14", "ja", "kyoto", ["gifts", "beauty"]],
  ["中村蓮", "male", "1980-08-26", "ja", "tokyo", ["mens-clothing", "books"]],
  ["小林美咲", "female", "1991-01-16", "ja", "kyoto", ["food", "home-and-living"], "みさき"],
  ["加藤大輔", "male", "1970-02-09", "ja", "tokyo", ["health", "shoes"]],
];

/** Customers of the demonstration mall. The first one has an order in every state. */
export const demoPeople: readonly DemoPerson[] = rows.map(
  ([name, gender, birthday, locale, city, likes, nickname]) => ({
    name,
    ...(gender === undefined ? {} : { gender }),
    ...(birthday === undefined ? {} : { birthday }),
    ...(nickname === undefined ? {} : { nickname }),
    locale,
    city,
    likes,
  }),
);

/** Streets with room for a number, and the rest of an address. */
export const cities: Readonly<
  Record<DemoCity, { readonly streets: readonly string[]; readonly rest: Omit<Address, "name" | "line1"> }>
> = {
  london: {
    streets: ["{n} Rope Street", "{n} Plum Lane"],
    rest: { city: "London", postalCode: "N1 7AA", country: "GB" },
  },
  leeds: {
    streets: ["{n} Mill Row", "{n} Station Parade"],
    rest: { city: "Leeds", postalCode: "LS1 4AP", country: "GB" },
  },
  berlin: {
    streets: ["Lindenallee {n}", "Am Markt {n}"],
    rest: { city: "Berlin", postalCode: "10115", country: "DE" },
  },
  seattle: {
    streets: ["{n} Pine Street", "{n} Harbor Avenue"],
    rest: { city: "Seattle", region: "WA", postalCode: "98101", country: "US", subdivision: "US-WA" },
  },
  shanghai: {
    streets: ["南京西路{n}号", "淮海中路{n}号"],
    rest: {
      city: "上海市",
      region: "上海市",
      postalCode: "200041",
      country: "CN",
      subdivision: "CN-SH",
      divisionCode: "310106",
    },
  },
  hangzhou: {
    streets: ["文三路{n}号", "龙井路{n}号"],
    rest: {
      city: "杭州市",
      region: "浙江省",
      postalCode: "310012",
      country: "CN",
      subdivision: "CN-ZJ",
      divisionCode: "330106",
    },
  },
  tokyo: {
    streets: ["神宮前{n}-2", "本町{n}-7"],
    rest: { city: "渋谷区", region: "東京都", postalCode: "150-0001", country: "JP", subdivision: "JP-13" },
  },
  kyoto: {
    streets: ["三条通{n}番地", "銀閣寺町{n}"],
    rest: { city: "京都市", region: "京都府", postalCode: "604-8005", country: "JP", subdivision: "JP-26" },
  },
};
