import type { DemoDepartment } from "../demo-kind.ts";

const sizes = ["XS", "S", "M", "L"];

export const womenswear: DemoDepartment = {
  slug: "womens-clothing",
  names: ["Women's clothing", "女装", "レディースファッション"],
  closings: [
    ["Easy to care for.", "易于打理。", "お手入れも簡単です。"],
    ["Cut and sewn in small workshops.", "由小作坊裁剪缝制。", "小さな工房で仕立てられています。"],
    ["Has pockets.", "带口袋。", "ポケット付き。"],
  ],
  sections: [
    {
      slug: "dresses-and-skirts",
      names: ["Dresses and skirts", "连衣裙与半裙", "ワンピース・スカート"],
      kinds: [
        {
          shape: "dress",
          name: ["{brand} {model} dress", "{brand} {model}连衣裙", "{brand} {model}ワンピース"],
          about: [
            "{cloth} that moves with every step, with a waist that can be tied.",
            "{cloth}随步轻扬，腰间可系带。",
            "歩くたびに揺れる{cloth}。ウエストはひもで結べます。",
          ],
          weightGrams: 340,
          options: { colour: ["red", "navy", "green"], size: sizes },
          type: "womens-clothing",
          attributes: { fit: "regular" },
          models: [
            {
              brand: "maison-celeste",
              price: 8900,
              words: {
                model: ["wrap", "裹身", "ラップ"],
                cloth: ["Fluid viscose", "垂坠人丝", "とろみのあるビスコース"],
              },
              attributes: { material: ["polyester"], dress_length: "knee", collar: "v" },
            },
            {
              brand: "maison-celeste",
              price: 11900,
              words: {
                model: ["evening", "晚装", "イブニング"],
                cloth: ["Washed silk", "水洗真丝", "ウォッシャブルシルク"],
              },
              attributes: { material: ["silk"], dress_length: "long" },
            },
            {
              brand: "yuzuki",
              price: 7400,
              words: {
                model: ["summer", "夏日", "サマー"],
                cloth: ["Airy cotton gauze", "轻薄棉纱", "軽やかなコットンガーゼ"],
              },
              attributes: { material: ["cotton"], dress_length: "knee", season: ["summer"] },
            },
          ],
        },
        {
          shape: "dress",
          name: ["{brand} {model} skirt", "{brand} {model}半身裙", "{brand} {model}スカート"],
          about: [
            "Falls to {length} and sits comfortably all day with its elastic back.",
            "裙长及{length}，后腰松紧，整日舒适。",
            "{length}丈。後ろウエストゴムで一日中快適です。",
          ],
          weightGrams: 280,
          options: { colour: ["black", "sand", "pink"], size: sizes },
          type: "womens-clothing",
          attributes: { fit: "regular" },
          models: [
            {
              brand: "yuzuki",
              price: 4900,
              words: { model: ["pleated", "百褶", "プリーツ"], length: ["the calf", "小腿", "ふくらはぎ"] },
              attributes: { material: ["polyester"], dress_length: "long" },
            },
            {
              brand: "maison-celeste",
              price: 5900,
              words: { model: ["satin", "缎面", "サテン"], length: ["the ankle", "脚踝", "くるぶし"] },
              attributes: { material: ["silk"], dress_length: "long" },
            },
            {
              brand: "linden-row",
              price: 4400,
              words: { model: ["denim", "牛仔", "デニム"], length: ["the knee", "膝盖", "ひざ"] },
              attributes: { material: ["cotton"], dress_length: "knee" },
            },
          ],
        },
      ],
    },
    {
      slug: "womens-tops",
      names: ["Blouses and knitwear", "衬衫与针织", "ブラウス・ニット"],
      kinds: [
        {
          shape: "shirt",
          name: ["{brand} {material} blouse", "{brand} {material}女衬衫", "{brand} {material}ブラウス"],
          about: [
            "Wide sleeves, small buttons and {material} that hardly needs an iron.",
            "宽袖小扣，{material}面料几乎免烫。",
            "ゆったり袖に小さなボタン。アイロンいらずの{material}です。",
          ],
          weightGrams: 170,
          options: { colour: ["white", "pink", "blue"], size: sizes },
          type: "womens-clothing",
          attributes: { sleeve: "long", collar: "shirt" },
          models: [
            {
              brand: "yuzuki",
              price: 4900,
              words: { material: ["linen", "亚麻", "リネン"] },
              attributes: { material: ["linen"] },
            },
            {
              brand: "maison-celeste",
              price: 7900,
              words: { material: ["silk", "真丝", "シルク"] },
              attributes: { material: ["silk"] },
            },
            {
              brand: "linden-row",
              price: 3900,
              words: { material: ["cotton poplin", "棉府绸", "コットンポプリン"] },
              attributes: { material: ["cotton"] },
            },
          ],
        },
        {
          shape: "shirt",
          name: ["{brand} {material} cardigan", "{brand} {material}开衫", "{brand} {material}カーディガン"],
          about: [
            "{material} knitted loosely enough for spring and closely enough for autumn.",
            "{material}编织，春秋皆宜。",
            "春にも秋にもちょうどよい{material}の編み地。",
          ],
          weightGrams: 310,
          options: { colour: ["cream", "grey", "red"], size: sizes },
          type: "womens-clothing",
          attributes: { sleeve: "long", collar: "v", season: ["spring", "autumn"] },
          models: [
            {
              brand: "linden-row",
              price: 7900,
              words: { material: ["alpaca", "羊驼毛", "アルパカ"] },
              attributes: { material: ["wool"] },
            },
            {
              brand: "linden-row",
              price: 9900,
              words: { material: ["cashmere", "羊绒", "カシミヤ"] },
              attributes: { material: ["wool"] },
            },
            {
              brand: "yuzuki",
              price: 5400,
              words: { material: ["cotton", "棉", "コットン"] },
              attributes: { material: ["cotton"] },
            },
          ],
        },
      ],
    },
    {
      slug: "coats-and-bags",
      names: ["Coats and bags", "大衣与包袋", "コート・バッグ"],
      kinds: [
        {
          shape: "dress",
          name: ["{brand} {model} coat", "{brand} {model}大衣", "{brand} {model}コート"],
          about: [
            "{cloth}, lined to the cuffs, with a belt that stays where it is.",
            "{cloth}，全衬里，腰带不滑落。",
            "{cloth}、袖口まで総裏地。ベルトはずれません。",
          ],
          weightGrams: 1250,
          options: { colour: ["sand", "black"], size: sizes },
          type: "womens-clothing",
          attributes: { sleeve: "long", season: ["autumn", "winter"] },
          models: [
            {
              brand: "maison-celeste",
              price: 22900,
              words: {
                model: ["wool", "羊毛", "ウール"],
                cloth: ["Double-faced wool", "双面羊毛", "リバーシブルウール"],
              },
              attributes: { material: ["wool"] },
            },
            {
              brand: "aldergate",
              price: 15900,
              words: {
                model: ["trench", "风衣", "トレンチ"],
                cloth: ["Showerproof cotton", "防泼水棉", "撥水コットン"],
              },
              attributes: { material: ["cotton"] },
            },
            {
              brand: "linden-row",
              price: 12900,
              words: {
                model: ["quilted", "绗缝", "キルティング"],
                cloth: ["Light quilting", "轻薄绗缝", "軽いキルティング"],
              },
              attributes: { material: ["polyester"] },
            },
          ],
        },
        {
          shape: "bag",
          name: ["{brand} {model} bag", "{brand} {model}包", "{brand} {model}バッグ"],
          about: [
            "Holds {contents}, and its strap has three lengths.",
            "可装下{contents}，肩带三档可调。",
            "{contents}が入り、ストラップは3段階に調節できます。",
          ],
          weightGrams: 620,
          options: { colour: ["black", "terracotta", "cream"] },
          type: "womens-clothing",
          attributes: { clothing_size: ["one-size"] },
          models: [
            {
              brand: "maison-celeste",
              price: 13900,
              words: {
                model: ["shoulder", "单肩", "ショルダー"],
                contents: ["a book, a purse and an umbrella", "书、钱包和雨伞", "本と財布と傘"],
              },
              attributes: { material: ["leather"] },
            },
            {
              brand: "linden-row",
              price: 8900,
              words: {
                model: ["tote", "托特", "トート"],
                contents: ["a laptop and a loaf of bread", "笔记本电脑和一条面包", "ノートパソコンとパン1斤"],
              },
              attributes: { material: ["leather"] },
            },
            {
              brand: "yuzuki",
              price: 5900,
              words: {
                model: ["crossbody", "斜挎", "クロスボディ"],
                contents: ["a phone, keys and a lipstick", "手机、钥匙和口红", "スマートフォンと鍵と口紅"],
              },
              attributes: { material: ["cotton"] },
            },
          ],
        },
      ],
    },
  ],
};
