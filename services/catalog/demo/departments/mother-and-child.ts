import type { DemoDepartment } from "../demo-kind.ts";

export const motherAndChild: DemoDepartment = {
  slug: "mother-and-child",
  names: ["Mother and child", "母婴", "ベビー・マタニティ"],
  closings: [
    ["Free of plasticisers.", "不含增塑剂。", "可塑剤不使用。"],
    ["Tested for small mouths and hands.", "通过婴幼儿安全测试。", "赤ちゃんの口と手に安全な試験済み。"],
    ["Washes clean at 60 °C.", "60 °C 可洗净。", "60℃で洗えます。"],
  ],
  sections: [
    {
      slug: "on-the-way",
      names: ["On the way", "出行", "おでかけ"],
      kinds: [
        {
          shape: "pram",
          name: ["{brand} {model} pushchair", "{brand} {model} 婴儿推车", "{brand} {model} ベビーカー"],
          about: [
            "Folds with one hand, weighs {weight} kilograms and takes kerbs without waking anyone.",
            "单手折叠，重 {weight} 千克，过路沿也不惊醒宝宝。",
            "片手でたため、重さ{weight}キログラム。段差でも赤ちゃんを起こしません。",
          ],
          weightGrams: 8200,
          options: { colour: ["black", "grey", "green"] },
          type: "mother-and-child",
          attributes: { stage: "infant", age_to: 48 },
          models: [
            {
              brand: "pebble-and-pip",
              price: 34900,
              words: { model: "Stroll", weight: "7.9" },
              attributes: { age_from: 0 },
            },
            {
              brand: "pebble-and-pip",
              price: 24900,
              words: { model: "Hop", weight: "5.8" },
              attributes: { age_from: 6 },
            },
            {
              brand: "strider",
              price: 44900,
              words: { model: "Jogger", weight: "10.5" },
              attributes: { age_from: 9 },
            },
          ],
        },
        {
          shape: "bag",
          name: [
            "{brand} {material} baby carrier",
            "{brand} {material}婴儿背带",
            "{brand} {material}抱っこひも",
          ],
          about: [
            "{material} that breathes, and straps that carry the weight on the hips. From birth to {months} months.",
            "透气{material}，腰部承重，适合新生至 {months} 个月。",
            "通気性のよい{material}。腰で支え、新生児から{months}か月まで。",
          ],
          weightGrams: 650,
          options: { colour: ["navy", "sand"] },
          type: "mother-and-child",
          attributes: { stage: "newborn", age_from: 0, age_to: "{months}", washable: true },
          models: [
            {
              brand: "pebble-and-pip",
              price: 8900,
              words: { material: ["linen", "亚麻", "リネン"], months: "24" },
            },
            {
              brand: "pebble-and-pip",
              price: 10900,
              words: { material: ["mesh", "网布", "メッシュ"], months: "36" },
            },
            {
              brand: "mokomoko",
              price: 6900,
              words: { material: ["cotton", "棉质", "コットン"], months: "18" },
            },
          ],
        },
      ],
    },
    {
      slug: "feeding-and-care",
      names: ["Feeding and care", "喂养与护理", "授乳・お世話"],
      kinds: [
        {
          shape: "bottle",
          name: ["{brand} {material} baby bottle", "{brand} {material}奶瓶", "{brand} {material}哺乳びん"],
          about: [
            "{material} with a slow teat against wind. All parts go into the steriliser.",
            "{material}瓶身，慢流防胀气奶嘴，全部部件可消毒。",
            "{material}製。空気を飲みにくいゆっくり乳首で、全部品を消毒できます。",
          ],
          weightGrams: 150,
          options: { volume: ["150 ml", "250 ml"] },
          surcharges: { "250 ml": 200 },
          type: "mother-and-child",
          attributes: { stage: "newborn", bpa_free: true, age_from: 0 },
          models: [
            { brand: "pebble-and-pip", price: 1200, words: { material: ["glass", "玻璃", "ガラス"] } },
            { brand: "pebble-and-pip", price: 900, words: { material: ["PPSU", "PPSU", "PPSU"] } },
            { brand: "mokomoko", price: 1400, words: { material: ["silicone", "硅胶", "シリコン"] } },
          ],
        },
        {
          shape: "box",
          name: ["{brand} {model}", "{brand} {model}", "{brand} {model}"],
          about: ["{count} pieces. {note}", "{count} 片装。{note}", "{count}枚入り。{note}"],
          weightGrams: 1600,
          options: { size: ["newborn", "medium", "large"] },
          type: "mother-and-child",
          attributes: { stage: "infant", age_from: 0 },
          models: [
            {
              brand: "mokomoko",
              price: 1100,
              words: {
                model: ["soft nappies", "柔软纸尿裤", "やわらかおむつ"],
                count: "60",
                note: [
                  "The strip turns blue when it is time.",
                  "尿显变蓝提示更换。",
                  "替えどきは青いラインでお知らせ。",
                ],
              },
            },
            {
              brand: "mokomoko",
              price: 1300,
              words: {
                model: ["night nappies", "夜用纸尿裤", "夜用おむつ"],
                count: "48",
                note: ["Twelve hours for everybody.", "整夜 12 小时安睡。", "12時間みんなぐっすり。"],
              },
            },
            {
              brand: "pebble-and-pip",
              price: 1700,
              words: {
                model: ["swim nappies", "游泳尿裤", "水遊びおむつ"],
                count: "24",
                note: ["For the first wave.", "迎接第一个浪花。", "はじめての波に。"],
              },
            },
          ],
        },
      ],
    },
    {
      slug: "toys-and-clothes",
      names: ["Toys and clothes", "玩具与童装", "おもちゃ・ベビー服"],
      kinds: [
        {
          shape: "bear",
          name: ["{brand} {animal} soft toy", "{brand} {animal}毛绒玩具", "{brand} {animal}のぬいぐるみ"],
          about: [
            "A {animal} of organic cotton with embroidered eyes. Good at listening.",
            "有机棉{animal}，刺绣眼睛，善于倾听。",
            "オーガニックコットンの{animal}。目は刺しゅう、聞き上手です。",
          ],
          weightGrams: 240,
          options: { size: ["small", "large"] },
          surcharges: { large: 1000 },
          type: "mother-and-child",
          attributes: { stage: "toddler", organic: true, washable: true, age_from: 0, material: ["cotton"] },
          models: [
            { brand: "mokomoko", price: 1900, words: { animal: ["bear", "小熊", "くま"] } },
            { brand: "mokomoko", price: 1900, words: { animal: ["hare", "小兔", "うさぎ"] } },
            { brand: "mokomoko", price: 2200, words: { animal: ["whale", "小鲸鱼", "くじら"] } },
          ],
        },
        {
          shape: "shirt",
          name: ["{brand} {model} bodysuit", "{brand} {model}连体衣", "{brand} {model}ロンパース"],
          about: [
            "Ribbed cotton with a wide neck that goes over any head. {season}",
            "罗纹棉，宽领口易穿脱。{season}",
            "広い襟ぐりのリブコットン。{season}",
          ],
          weightGrams: 90,
          options: { colour: ["cream", "green", "blue"], size: ["3 months", "6 months", "12 months"] },
          type: "mother-and-child",
          attributes: { stage: "infant", washable: true, material: ["cotton"], age_to: 12 },
          models: [
            {
              brand: "mokomoko",
              price: 1400,
              words: {
                model: ["long-sleeved", "长袖", "長袖"],
                season: ["For cool nights.", "适合凉夜。", "涼しい夜に。"],
              },
            },
            {
              brand: "mokomoko",
              price: 1200,
              words: {
                model: ["short-sleeved", "短袖", "半袖"],
                season: ["For summer.", "适合夏天。", "夏に。"],
              },
            },
            {
              brand: "pebble-and-pip",
              price: 1600,
              words: {
                model: ["wrap", "系带", "打ち合わせ"],
                season: ["For the first weeks.", "适合出生头几周。", "生後まもなくの時期に。"],
              },
            },
          ],
        },
      ],
    },
  ],
};
