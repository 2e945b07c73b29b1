import type { DemoDepartment } from "../demo-kind.ts";

export const gifts: DemoDepartment = {
  slug: "gifts",
  names: ["Gifts", "礼品", "ギフト"],
  closings: [
    ["Comes wrapped, with a card for your words.", "附包装与贺卡。", "包装とメッセージカード付き。"],
    ["Can be sent straight to the lucky one.", "可直接寄给收礼人。", "お相手に直接お届けできます。"],
    ["The ribbon is of cotton.", "丝带为纯棉。", "リボンはコットンです。"],
  ],
  sections: [
    {
      slug: "flowers",
      names: ["Flowers and plants", "鲜花与绿植", "花・グリーン"],
      kinds: [
        {
          shape: "flower",
          name: ["{brand} {model} bouquet", "{brand} {model}花束", "{brand} {model}の花束"],
          about: [
            "{flowers}, tied on the morning of the day they travel.",
            "{flowers}，发货当日清晨扎束。",
            "{flowers}を、発送当日の朝に束ねます。",
          ],
          weightGrams: 700,
          options: { size: ["small", "large"] },
          surcharges: { large: 1500 },
          type: "gifts",
          attributes: { occasion: ["birthday", "wedding", "thanks"], gift_wrapped: true },
          models: [
            {
              brand: "bloomery",
              price: 2900,
              words: {
                model: ["meadow", "草甸", "草原"],
                flowers: ["Cornflowers, daisies and grasses", "矢车菊、雏菊与野草", "矢車菊とデイジーと草"],
              },
            },
            {
              brand: "bloomery",
              price: 3900,
              words: {
                model: ["rose", "玫瑰", "バラ"],
                flowers: ["Twelve roses and eucalyptus", "十二枝玫瑰配尤加利", "12本のバラとユーカリ"],
              },
            },
            {
              brand: "bloomery",
              price: 3400,
              words: {
                model: ["peony", "牡丹", "牡丹"],
                flowers: ["Peonies in three shades", "三色牡丹", "3色の牡丹"],
              },
            },
          ],
        },
        {
          shape: "flower",
          name: ["{brand} {plant} in a pot", "{brand} {plant}盆栽", "{brand} {plant}の鉢植え"],
          about: [
            "The {plant} comes in a pot of clay. It likes {light} and forgives forgotten water.",
            "陶盆{plant}，喜{light}，偶尔忘浇水也无妨。",
            "素焼き鉢の{plant}。{light}を好み、水やりを忘れても大丈夫。",
          ],
          weightGrams: 1400,
          type: "gifts",
          attributes: { occasion: ["thanks", "new-year"], gift_wrapped: false },
          models: [
            {
              brand: "bloomery",
              price: 2200,
              words: {
                plant: ["olive tree", "橄榄树", "オリーブ"],
                light: ["a sunny sill", "阳光窗台", "日当たりのよい窓辺"],
              },
            },
            {
              brand: "bloomery",
              price: 1800,
              words: { plant: ["fern", "蕨", "シダ"], light: ["shade", "阴凉", "日陰"] },
            },
            {
              brand: "sora-living",
              price: 2600,
              words: {
                plant: ["bonsai pine", "松树盆景", "松の盆栽"],
                light: ["fresh air", "通风", "風通しのよい場所"],
              },
            },
          ],
        },
      ],
    },
    {
      slug: "candles-and-sets",
      names: ["Candles and gift boxes", "香烛与礼盒", "キャンドル・ギフトボックス"],
      kinds: [
        {
          shape: "jar",
          name: ["{brand} {scent} candle", "{brand} {scent}香薰蜡烛", "{brand} {scent}キャンドル"],
          about: [
            "Soy wax in a glass that becomes a tumbler. Smells of {scent} for {hours} hours.",
            "大豆蜡，燃尽后可作水杯，{scent}香气持续 {hours} 小时。",
            "ソイワックスをグラスに注ぎました。{scent}の香りが{hours}時間、後はコップに。",
          ],
          weightGrams: 430,
          type: "gifts",
          attributes: { occasion: ["christmas", "birthday"], gift_wrapped: true, material: ["glass"] },
          models: [
            { brand: "bloomery", price: 1900, words: { scent: ["cedar", "雪松", "シダー"], hours: "40" } },
            {
              brand: "bloomery",
              price: 1900,
              words: { scent: ["orange blossom", "橙花", "オレンジの花"], hours: "40" },
            },
            { brand: "verbena", price: 2900, words: { scent: ["fig", "无花果", "イチジク"], hours: "55" } },
          ],
        },
        {
          shape: "box",
          name: ["{brand} {model} gift box", "{brand} {model}礼盒", "{brand} {model}ギフトボックス"],
          about: [
            "{contents} in a box that is too good to throw away.",
            "{contents}，礼盒精美，舍不得丢。",
            "{contents}を、捨てるには惜しい箱に。",
          ],
          weightGrams: 980,
          type: "gifts",
          attributes: { occasion: ["birthday", "thanks", "christmas"], gift_wrapped: true },
          models: [
            {
              brand: "hilltop-pantry",
              price: 3900,
              words: {
                model: ["breakfast", "早餐", "朝食"],
                contents: [
                  "Coffee, honey and marmalade",
                  "咖啡、蜂蜜与果酱",
                  "コーヒーとはちみつとマーマレード",
                ],
              },
            },
            {
              brand: "jade-garden",
              price: 3400,
              words: {
                model: ["tea time", "茶歇", "お茶の時間"],
                contents: ["Three teas and a strainer", "三款茶与茶漏", "3種のお茶と茶こし"],
              },
            },
            {
              brand: "camellia-lab",
              price: 4900,
              words: {
                model: ["quiet evening", "静夜", "静かな夜"],
                contents: ["Cream, soap and bath salt", "面霜、香皂与浴盐", "クリームと石けんと入浴剤"],
              },
            },
          ],
        },
      ],
    },
    {
      slug: "play",
      names: ["Games and puzzles", "游戏与拼图", "ゲーム・パズル"],
      kinds: [
        {
          shape: "box",
          name: ["{brand} puzzle: {picture}", "{brand} 拼图：{picture}", "{brand} パズル「{picture}」"],
          about: [
            "{picture} in pieces that click. A rainy weekend for two.",
            "{picture}，拼片咬合紧密，两人的雨天周末。",
            "ぴたりとはまる「{picture}」。雨の週末にふたりで。",
          ],
          weightGrams: 850,
          options: { pieces: ["500", "1000"] },
          surcharges: { "1000": 500 },
          type: "gifts",
          attributes: { occasion: ["christmas", "birthday"], gift_wrapped: false, material: ["paper"] },
          models: [
            {
              brand: "little-wonders",
              price: 1400,
              words: { picture: ["the night market", "夜市", "夜市"] },
            },
            {
              brand: "little-wonders",
              price: 1400,
              words: { picture: ["a map of the stars", "星图", "星図"] },
            },
            { brand: "little-wonders", price: 1600, words: { picture: ["the tea house", "茶馆", "茶屋"] } },
          ],
        },
        {
          shape: "box",
          name: ["{brand} {model} board game", "{brand} {model}桌游", "{brand} {model}ボードゲーム"],
          about: [
            "For {players}, explained in five minutes. {idea}",
            "适合{players}，五分钟学会。{idea}",
            "{players}向け、説明は5分。{idea}",
          ],
          weightGrams: 1200,
          type: "gifts",
          attributes: { occasion: ["birthday"], gift_wrapped: false },
          models: [
            {
              brand: "little-wonders",
              price: 2900,
              words: {
                model: ["Harbour Masters", "港务长", "港の主"],
                players: ["two to four players", "2 至 4 人", "2〜4人"],
                idea: [
                  "Load ships before the tide turns.",
                  "潮落之前装满货船。",
                  "潮が変わる前に船に荷を積もう。",
                ],
              },
            },
            {
              brand: "little-wonders",
              price: 2400,
              words: {
                model: ["Hidden Tea", "藏茶", "かくれ茶"],
                players: ["three to six players", "3 至 6 人", "3〜6人"],
                idea: ["Find out who swapped the cups.", "找出谁换了茶杯。", "茶碗を入れ替えたのはだれ。"],
              },
            },
            {
              brand: "mokomoko",
              price: 1900,
              words: {
                model: ["Bear Parade", "小熊游行", "くまのパレード"],
                players: ["children from four", "4 岁以上儿童", "4歳から"],
                idea: ["Everyone wins together.", "大家一起赢。", "みんなで勝つゲームです。"],
              },
            },
          ],
        },
      ],
    },
  ],
};
