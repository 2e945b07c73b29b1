import type { DemoDepartment } from "../demo-kind.ts";

export const food: DemoDepartment = {
  slug: "food",
  names: ["Food and drink", "食品", "食品・飲料"],
  closings: [
    ["Best kept cool and dry.", "请置于阴凉干燥处。", "涼しく乾いた場所で保存してください。"],
    ["A favourite in our own kitchen.", "我们自家厨房的心头好。", "私たちの台所でも定番です。"],
    ["Packed without needless plastic.", "减少塑料的环保包装。", "余分なプラスチックを使わない包装。"],
  ],
  sections: [
    {
      slug: "coffee-and-leaf-tea",
      names: ["Coffee and tea", "咖啡与茶", "コーヒー・お茶"],
      kinds: [
        {
          shape: "bag",
          name: ["{brand} {model} coffee beans", "{brand} {model}咖啡豆", "{brand} {model}コーヒー豆"],
          about: [
            "Roasted in small batches, with notes of {notes}. For {method}.",
            "小批量烘焙，带有{notes}的香气，适合{method}。",
            "少量ずつ焙煎し、{notes}の香り。{method}に。",
          ],
          weightGrams: 500,
          options: { weight: ["250 g", "1 kg"] },
          surcharges: { "1 kg": 2100 },
          type: "food",
          attributes: {
            net_weight: 250,
            ingredients: "Coffee beans",
            organic: true,
            keep: "cupboard",
            diet: ["vegan"],
          },
          models: [
            {
              brand: "hilltop-pantry",
              price: 900,
              words: {
                model: ["house blend", "招牌拼配", "ハウスブレンド"],
                notes: ["cocoa and walnut", "可可与核桃", "カカオとくるみ"],
                method: ["any pot", "各种冲煮方式", "どんな淹れ方"],
              },
            },
            {
              brand: "hilltop-pantry",
              price: 1100,
              words: {
                model: ["morning", "晨光", "モーニング"],
                notes: ["orange and honey", "橙子与蜂蜜", "オレンジとはちみつ"],
                method: ["filter coffee", "手冲", "ハンドドリップ"],
              },
            },
            {
              brand: "hilltop-pantry",
              price: 1000,
              words: {
                model: ["espresso", "意式浓缩", "エスプレッソ"],
                notes: ["caramel and dark chocolate", "焦糖与黑巧克力", "キャラメルとビターチョコ"],
                method: ["machines and moka pots", "咖啡机与摩卡壶", "マシンやモカポット"],
              },
            },
          ],
        },
        {
          shape: "jar",
          name: ["{brand} {tea}", "{brand} {tea}", "{brand} {tea}"],
          about: [
            "Whole leaves from {place}, picked in spring. Three infusions at {degrees} °C.",
            "{place}春采全叶，{degrees} °C 水可冲泡三次。",
            "{place}の春摘み一枚葉。{degrees}℃で三煎まで楽しめます。",
          ],
          weightGrams: 100,
          type: "food",
          attributes: {
            net_weight: 80,
            ingredients: "Tea leaves",
            organic: true,
            keep: "cupboard",
            diet: ["vegan"],
          },
          models: [
            {
              brand: "jade-garden",
              price: 1400,
              words: {
                tea: ["jasmine green tea", "茉莉绿茶", "ジャスミン緑茶"],
                place: ["the hills of the south", "南方丘陵", "南の丘陵"],
                degrees: "80",
              },
            },
            {
              brand: "jade-garden",
              price: 1900,
              words: {
                tea: ["roasted oolong", "炭焙乌龙", "焙煎烏龍茶"],
                place: ["high gardens", "高山茶园", "高山の茶園"],
                degrees: "95",
              },
            },
            {
              brand: "umi-kitchen",
              price: 1600,
              words: {
                tea: ["sencha", "煎茶", "煎茶"],
                place: ["the coast", "海岸茶区", "海沿いの茶畑"],
                degrees: "75",
              },
            },
          ],
        },
      ],
    },
    {
      slug: "pantry",
      names: ["Pantry", "粮油调味", "調味料・乾物"],
      kinds: [
        {
          shape: "bottle",
          name: ["{brand} {oil}", "{brand} {oil}", "{brand} {oil}"],
          about: [
            "Cold pressed within a day of the harvest. {taste}",
            "采收当日冷榨。{taste}",
            "収穫したその日に低温圧搾。{taste}",
          ],
          weightGrams: 900,
          options: { volume: ["250 ml", "500 ml"] },
          surcharges: { "500 ml": 700 },
          type: "food",
          attributes: { net_weight: 230, keep: "cupboard", diet: ["vegan"] },
          models: [
            {
              brand: "hilltop-pantry",
              price: 950,
              words: {
                oil: ["extra virgin olive oil", "特级初榨橄榄油", "エキストラバージンオリーブオイル"],
                taste: ["Green and peppery.", "青草与胡椒风味。", "青く、ぴりっとした味わい。"],
              },
              attributes: { ingredients: "Olive oil" },
            },
            {
              brand: "jade-garden",
              price: 750,
              words: {
                oil: ["toasted sesame oil", "焙煎芝麻油", "焙煎ごま油"],
                taste: ["A few drops are enough.", "几滴足矣。", "数滴で十分です。"],
              },
              attributes: { ingredients: "Sesame oil", allergens: ["sesame"] },
            },
            {
              brand: "hilltop-pantry",
              price: 850,
              words: {
                oil: ["walnut oil", "核桃油", "くるみ油"],
                taste: ["For salads and cheese.", "适合沙拉与奶酪。", "サラダやチーズに。"],
              },
              attributes: { ingredients: "Walnut oil", allergens: ["nuts"] },
            },
          ],
        },
        {
          shape: "bag",
          name: ["{brand} {noodle}", "{brand} {noodle}", "{brand} {noodle}"],
          about: [
            "Dried slowly, so that they keep their bite. Ready in {minutes} minutes.",
            "慢速风干，口感筋道，{minutes} 分钟即熟。",
            "じっくり乾燥させ、こしを残しました。ゆで時間{minutes}分。",
          ],
          weightGrams: 420,
          type: "food",
          attributes: { net_weight: 400, keep: "cupboard", allergens: ["gluten"], diet: ["vegan"] },
          models: [
            {
              brand: "jade-garden",
              price: 320,
              words: { noodle: ["hand-pulled noodles", "手拉面", "手延べ中華麺"], minutes: "4" },
              attributes: { ingredients: "Wheat flour, water, salt" },
            },
            {
              brand: "umi-kitchen",
              price: 380,
              words: { noodle: ["buckwheat soba", "荞麦面", "そば"], minutes: "5" },
              attributes: { ingredients: "Buckwheat flour, wheat flour, water" },
            },
            {
              brand: "hilltop-pantry",
              price: 290,
              words: {
                noodle: ["bronze-cut spaghetti", "铜模意面", "ブロンズダイススパゲッティ"],
                minutes: "10",
              },
              attributes: { ingredients: "Durum wheat semolina" },
            },
          ],
        },
      ],
    },
    {
      slug: "sweets-and-snacks",
      names: ["Sweets and snacks", "甜品与零食", "お菓子・おやつ"],
      kinds: [
        {
          shape: "box",
          name: ["{brand} {model} chocolate", "{brand} {model}巧克力", "{brand} {model}チョコレート"],
          about: [
            "{cocoa} per cent cocoa, ground for three days until it melts by itself.",
            "可可含量 {cocoa}%，研磨三日，入口即化。",
            "カカオ{cocoa}%。三日間すりつぶし、ひとりでに溶けます。",
          ],
          weightGrams: 110,
          type: "food",
          attributes: { net_weight: 100, keep: "cupboard" },
          models: [
            {
              brand: "hilltop-pantry",
              price: 450,
              words: { model: ["dark", "黑", "ダーク"], cocoa: "72" },
              attributes: { ingredients: "Cocoa mass, cane sugar, cocoa butter", diet: ["vegan"] },
            },
            {
              brand: "hilltop-pantry",
              price: 420,
              words: { model: ["milk", "牛奶", "ミルク"], cocoa: "45" },
              attributes: {
                ingredients: "Cane sugar, cocoa butter, milk powder, cocoa mass",
                allergens: ["milk"],
              },
            },
            {
              brand: "umi-kitchen",
              price: 490,
              words: { model: ["sea salt", "海盐", "海塩"], cocoa: "65" },
              attributes: { ingredients: "Cocoa mass, cane sugar, cocoa butter, sea salt", diet: ["vegan"] },
            },
          ],
        },
        {
          shape: "jar",
          name: ["{brand} {sort} honey", "{brand} {sort}蜂蜜", "{brand} {sort}はちみつ"],
          about: [
            "Raw honey from {place}, filled as the bees left it.",
            "产自{place}的原蜜，原汁原味灌装。",
            "{place}の生はちみつ。蜂が集めたまま詰めました。",
          ],
          weightGrams: 520,
          options: { weight: ["250 g", "500 g"] },
          surcharges: { "500 g": 500 },
          type: "food",
          attributes: { net_weight: 250, ingredients: "Honey", keep: "cupboard", diet: ["vegetarian"] },
          models: [
            {
              brand: "hilltop-pantry",
              price: 690,
              words: { sort: ["wildflower", "百花", "百花"], place: ["meadows", "草甸", "野原"] },
            },
            {
              brand: "hilltop-pantry",
              price: 790,
              words: {
                sort: ["lime blossom", "椴树", "菩提樹"],
                place: ["old avenues", "古老林荫道", "古い並木道"],
              },
            },
            {
              brand: "jade-garden",
              price: 750,
              words: { sort: ["lychee", "荔枝", "ライチ"], place: ["orchards", "果园", "果樹園"] },
            },
          ],
        },
      ],
    },
  ],
};
