import type { DemoDepartment } from "../demo-kind.ts";

const sizes = ["37", "39", "41", "43"];

export const shoes: DemoDepartment = {
  slug: "shoes",
  names: ["Shoes", "鞋靴", "シューズ"],
  closings: [
    ["Runs true to size.", "尺码标准。", "サイズは標準です。"],
    [
      "Try them at home; returns are easy.",
      "可在家试穿，退换便捷。",
      "ご自宅でお試しください。返品も簡単です。",
    ],
    ["The box is made of recycled paper.", "鞋盒采用再生纸制成。", "箱は再生紙でできています。"],
  ],
  sections: [
    {
      slug: "sports-shoes",
      names: ["Sports shoes", "运动鞋", "スポーツシューズ"],
      kinds: [
        {
          shape: "shoe",
          name: [
            "{brand} {model} running shoes",
            "{brand} {model} 跑鞋",
            "{brand} {model} ランニングシューズ",
          ],
          about: [
            "{ground}: a light foam that gives back what you put in, and a heel that guides without pinching.",
            "{ground}：轻质回弹泡棉，后跟稳定不夹脚。",
            "{ground}。踏み込みを返す軽いフォームと、締め付けずに導くかかと。",
          ],
          weightGrams: 540,
          options: { colour: ["blue", "black", "red"], size: sizes },
          type: "shoes",
          attributes: { wearer: "everyone", sole: "foam", waterproof: false },
          models: [
            {
              brand: "strider",
              price: 11900,
              words: { model: "Tempo", ground: ["For the road", "适合公路", "ロード用"] },
            },
            {
              brand: "strider",
              price: 13400,
              words: { model: "Ridge", ground: ["For trails", "适合越野", "トレイル用"] },
            },
            {
              brand: "strider",
              price: 15900,
              words: { model: "Marathon", ground: ["For race day", "适合比赛", "レース用"] },
            },
          ],
        },
        {
          shape: "shoe",
          name: ["{brand} {model} trainers", "{brand} {model} 休闲运动鞋", "{brand} {model} スニーカー"],
          about: [
            "{material} on a flat rubber sole. They look better when they are no longer new.",
            "{material}鞋面，平底橡胶大底，越穿越有味道。",
            "{material}に平らなゴム底。新品を過ぎてからが見ごろです。",
          ],
          weightGrams: 680,
          options: { colour: ["white", "black", "green"], size: sizes },
          type: "shoes",
          attributes: { wearer: "everyone", sole: "rubber", waterproof: false },
          models: [
            {
              brand: "strider",
              price: 7900,
              words: { model: "Court", material: ["Smooth leather", "光面皮革", "スムースレザー"] },
              attributes: { material: ["leather"] },
            },
            {
              brand: "cobble-lane",
              price: 8900,
              words: { model: "Mews", material: ["Suede", "绒面革", "スエード"] },
              attributes: { material: ["leather"] },
            },
            {
              brand: "strider",
              price: 5400,
              words: { model: "Deck", material: ["Canvas", "帆布", "キャンバス"] },
              attributes: { material: ["cotton"] },
            },
          ],
        },
      ],
    },
    {
      slug: "leather-shoes",
      names: ["Leather shoes and boots", "皮鞋与靴子", "革靴・ブーツ"],
      kinds: [
        {
          shape: "shoe",
          name: ["{brand} {model} loafers", "{brand} {model}乐福鞋", "{brand} {model}ローファー"],
          about: [
            "Full-grain leather on a stitched sole that any cobbler can replace. {detail}",
            "头层牛皮，缝线鞋底可由任何鞋匠更换。{detail}",
            "フルグレインレザーと、張り替えられる縫い付け底。{detail}",
          ],
          weightGrams: 790,
          options: { colour: ["brown", "black"], size: sizes },
          type: "shoes",
          attributes: { wearer: "men", sole: "leather", material: ["leather"] },
          models: [
            {
              brand: "cobble-lane",
              price: 13900,
              words: {
                model: ["penny", "便士", "コイン"],
                detail: ["A coin fits the strap.", "横带可嵌硬币。", "硬貨を挟める帯付き。"],
              },
            },
            {
              brand: "cobble-lane",
              price: 14400,
              words: {
                model: ["tassel", "流苏", "タッセル"],
                detail: ["Two tassels, no bow.", "双流苏装饰。", "2本の房飾り。"],
              },
            },
            {
              brand: "cobble-lane",
              price: 11900,
              words: {
                model: ["driving", "驾车", "ドライビング"],
                detail: ["Soft enough to drive in.", "柔软适合驾车。", "運転にもやわらか。"],
              },
            },
          ],
        },
        {
          shape: "boot",
          name: ["{brand} {model} boots", "{brand} {model}靴", "{brand} {model}ブーツ"],
          about: [
            "For {weather}: waxed leather, a deep tread and a tongue that lets no water in.",
            "适合{weather}：打蜡皮革、深纹鞋底、防水鞋舌。",
            "{weather}に。ワックス加工の革と深い溝、水を通さないベロ。",
          ],
          weightGrams: 1180,
          options: { colour: ["brown", "black"], size: sizes },
          type: "shoes",
          attributes: { wearer: "everyone", sole: "rubber", waterproof: true, material: ["leather"] },
          models: [
            {
              brand: "cobble-lane",
              price: 16900,
              words: {
                model: ["Chelsea", "切尔西", "サイドゴア"],
                weather: ["city rain", "城市雨天", "街の雨"],
              },
            },
            {
              brand: "aldergate",
              price: 15900,
              words: {
                model: ["hiking", "徒步", "トレッキング"],
                weather: ["hills and mud", "山野泥泞", "山道とぬかるみ"],
              },
            },
            {
              brand: "cobble-lane",
              price: 18900,
              words: { model: ["winter", "冬", "ウインター"], weather: ["snow", "雪天", "雪の日"] },
            },
          ],
        },
      ],
    },
    {
      slug: "sandals-and-slippers",
      names: ["Sandals and slippers", "凉鞋与拖鞋", "サンダル・スリッパ"],
      kinds: [
        {
          shape: "shoe",
          name: ["{brand} {model} sandals", "{brand} {model}凉鞋", "{brand} {model}サンダル"],
          about: [
            "A footbed of cork that takes the shape of your foot. {detail}",
            "软木鞋床贴合足形。{detail}",
            "足の形になじむコルクの中敷き。{detail}",
          ],
          weightGrams: 420,
          options: { colour: ["sand", "black"], size: sizes },
          type: "shoes",
          attributes: { wearer: "women", season: ["summer"] },
          models: [
            {
              brand: "cobble-lane",
              price: 6900,
              words: {
                model: ["two-strap", "双带", "ツーストラップ"],
                detail: ["Buckles on both straps.", "双扣可调。", "両方のバックルで調節できます。"],
              },
            },
            {
              brand: "strider",
              price: 5900,
              words: {
                model: ["walking", "步行", "ウォーキング"],
                detail: ["Made for long promenades.", "适合长时间漫步。", "長い散歩のために。"],
              },
            },
            {
              brand: "yuzuki",
              price: 4400,
              words: {
                model: ["slide", "一字", "スライド"],
                detail: ["On and off in a second.", "一秒穿脱。", "一瞬で脱ぎ履き。"],
              },
            },
          ],
        },
        {
          shape: "shoe",
          name: ["{brand} {material} slippers", "{brand} {material}居家拖鞋", "{brand} {material}スリッパ"],
          about: [
            "Warm {material} and a sole that may go out to fetch the post.",
            "温暖{material}，鞋底结实，出门取信也无妨。",
            "暖かな{material}。郵便受けまで出られる底付きです。",
          ],
          weightGrams: 310,
          options: { colour: ["grey", "red"], size: sizes },
          type: "shoes",
          attributes: { wearer: "everyone", sole: "rubber" },
          models: [
            {
              brand: "linden-row",
              price: 3900,
              words: { material: ["felt", "毛毡", "フェルト"] },
              attributes: { material: ["wool"] },
            },
            {
              brand: "sora-living",
              price: 2900,
              words: { material: ["terry", "毛圈", "パイル"] },
              attributes: { material: ["cotton"] },
            },
            {
              brand: "linden-row",
              price: 4900,
              words: { material: ["sheepskin", "羊皮", "ムートン"] },
              attributes: { material: ["wool"] },
            },
          ],
        },
      ],
    },
  ],
};
