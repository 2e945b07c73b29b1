import type { DemoDepartment } from "../demo-kind.ts";

const sizes = ["S", "M", "L", "XL"];

export const menswear: DemoDepartment = {
  slug: "mens-clothing",
  names: ["Men's clothing", "男装", "メンズファッション"],
  closings: [
    ["Machine wash at 30 °C.", "30 °C 机洗。", "30℃で洗濯機洗い可。"],
    ["The seams are made to be mended.", "缝线便于修补。", "縫い目は直しやすく作られています。"],
    ["Cut to be worn on its own or under a jacket.", "单穿或内搭皆宜。", "一枚でも、重ね着でも。"],
  ],
  sections: [
    {
      slug: "mens-tops",
      names: ["Shirts and tops", "衬衫与上衣", "シャツ・トップス"],
      kinds: [
        {
          shape: "shirt",
          name: ["{brand} {material} shirt", "{brand} {material}衬衫", "{brand} {material}シャツ"],
          about: [
            "A shirt of {material} with a soft collar and buttons of shell, as good at the desk as on the pier.",
            "{material}衬衫，柔软领型配贝壳纽扣，办公与海边都得体。",
            "やわらかな襟と貝ボタンの{material}シャツ。オフィスにも海辺にも。",
          ],
          weightGrams: 260,
          options: { colour: ["white", "blue"], size: sizes },
          type: "mens-clothing",
          attributes: { sleeve: "long", collar: "shirt", fit: "regular" },
          models: [
            {
              brand: "harrow-and-finch",
              price: 5900,
              words: { material: ["Oxford cotton", "牛津纺", "オックスフォード"] },
              attributes: { material: ["cotton"] },
            },
            {
              brand: "harrow-and-finch",
              price: 6900,
              words: { material: ["linen", "亚麻", "リネン"] },
              attributes: { material: ["linen"], season: ["spring", "summer"] },
            },
            {
              brand: "aldergate",
              price: 4900,
              words: { material: ["brushed flannel", "磨毛法兰绒", "フランネル"] },
              attributes: { material: ["cotton"], season: ["autumn", "winter"] },
            },
          ],
        },
        {
          shape: "shirt",
          name: ["{brand} {model} T-shirt", "{brand} {model} T 恤", "{brand} {model}Tシャツ"],
          about: [
            "Heavy cotton that keeps its shape, {detail}.",
            "重磅棉不易变形，{detail}。",
            "型崩れしにくいヘビーウェイトコットン。{detail}。",
          ],
          weightGrams: 190,
          options: { colour: ["white", "black", "olive"], size: sizes },
          type: "mens-clothing",
          attributes: { sleeve: "short", collar: "crew", material: ["cotton"] },
          models: [
            {
              brand: "aldergate",
              price: 2400,
              words: {
                model: ["crew-neck", "圆领", "クルーネック"],
                detail: ["with a ribbed neck", "罗纹圆领", "リブ編みの丸首"],
              },
              attributes: { fit: "regular" },
            },
            {
              brand: "harrow-and-finch",
              price: 2900,
              words: {
                model: ["pocket", "口袋", "ポケット付き"],
                detail: ["with a pocket for a pencil", "带铅笔口袋", "鉛筆の入る胸ポケット"],
              },
              attributes: { fit: "regular" },
            },
            {
              brand: "yuzuki",
              price: 2700,
              words: {
                model: ["relaxed", "宽松", "ゆったり"],
                detail: [
                  "cut wide for warm days",
                  "宽松剪裁，适合暖天",
                  "暖かい日のためのゆったりした仕立て",
                ],
              },
              attributes: { fit: "loose" },
            },
          ],
        },
      ],
    },
    {
      slug: "mens-trousers",
      names: ["Trousers", "裤装", "パンツ"],
      kinds: [
        {
          shape: "trousers",
          name: ["{brand} {model} chinos", "{brand} {model}休闲裤", "{brand} {model}チノパン"],
          about: [
            "Cotton twill with a little stretch, {fit}.",
            "微弹棉斜纹，{fit}。",
            "少し伸びるコットンツイル。{fit}。",
          ],
          weightGrams: 480,
          options: { colour: ["sand", "navy"], size: ["30", "32", "34", "36"] },
          type: "mens-clothing",
          attributes: { material: ["cotton"] },
          models: [
            {
              brand: "harrow-and-finch",
              price: 6400,
              words: {
                model: ["slim", "修身", "スリム"],
                fit: ["narrow from the knee down", "膝下收窄", "膝下が細め"],
              },
              attributes: { fit: "slim" },
            },
            {
              brand: "harrow-and-finch",
              price: 6400,
              words: {
                model: ["straight", "直筒", "ストレート"],
                fit: ["straight and plain", "直筒简洁", "まっすぐで飾りのない形"],
              },
              attributes: { fit: "regular" },
            },
            {
              brand: "aldergate",
              price: 5400,
              words: {
                model: ["pleated", "打褶", "タック入り"],
                fit: [
                  "with two pleats and room to cycle",
                  "双褶设计，骑车自如",
                  "2本のタックで自転車にも乗りやすい",
                ],
              },
              attributes: { fit: "loose" },
            },
          ],
        },
        {
          shape: "trousers",
          name: ["{brand} {model} jeans", "{brand} {model}牛仔裤", "{brand} {model}ジーンズ"],
          about: [
            "Selvedge denim of {ounces} ounces that becomes yours with wear.",
            "{ounces} 盎司赤耳丹宁，越穿越合身。",
            "{ounces}オンスのセルビッジデニム。はくほどに自分の形になります。",
          ],
          weightGrams: 720,
          options: { colour: ["navy", "black"], size: ["30", "32", "34", "36"] },
          type: "mens-clothing",
          attributes: { material: ["cotton"] },
          models: [
            {
              brand: "aldergate",
              price: 7900,
              words: { model: ["raw", "原色", "リジッド"], ounces: "14" },
              attributes: { fit: "regular" },
            },
            {
              brand: "aldergate",
              price: 7400,
              words: { model: ["washed", "水洗", "ウォッシュド"], ounces: "12" },
              attributes: { fit: "regular" },
            },
            {
              brand: "harrow-and-finch",
              price: 8900,
              words: { model: ["tapered", "锥形", "テーパード"], ounces: "13" },
              attributes: { fit: "slim" },
            },
          ],
        },
      ],
    },
    {
      slug: "mens-outerwear",
      names: ["Jackets and knitwear", "外套与针织", "アウター・ニット"],
      kinds: [
        {
          shape: "shirt",
          name: ["{brand} {model} jacket", "{brand} {model}外套", "{brand} {model}ジャケット"],
          about: [
            "{weather} A hood that turns with the head and pockets for gloves.",
            "{weather}连帽随头转动，口袋可放手套。",
            "{weather}頭の動きについてくるフードと、手袋の入るポケット。",
          ],
          weightGrams: 640,
          options: { colour: ["olive", "navy", "black"], size: sizes },
          type: "mens-clothing",
          attributes: { sleeve: "long", collar: "hooded", material: ["polyester"] },
          models: [
            {
              brand: "aldergate",
              price: 12900,
              words: {
                model: ["rain", "防雨", "レイン"],
                weather: ["Keeps out a day of rain.", "抵御整日风雨。", "一日中の雨を防ぎます。"],
              },
              attributes: { season: ["spring", "autumn"] },
            },
            {
              brand: "aldergate",
              price: 18900,
              words: {
                model: ["down", "羽绒", "ダウン"],
                weather: ["Warm to ten below zero.", "零下十度依然温暖。", "マイナス10℃でも暖か。"],
              },
              attributes: { season: ["winter"] },
            },
            {
              brand: "strider",
              price: 9900,
              words: {
                model: ["wind", "防风", "ウインド"],
                weather: ["Folds into its own pocket.", "可收纳进自带口袋。", "自分のポケットに収まります。"],
              },
              attributes: { season: ["spring", "summer"] },
            },
          ],
        },
        {
          shape: "shirt",
          name: ["{brand} {material} jumper", "{brand} {material}针织衫", "{brand} {material}セーター"],
          about: [
            "Knitted of {material} in one piece, without seams that scratch.",
            "{material}一体编织，无刺痒接缝。",
            "{material}を一体で編み上げ、ちくちくする縫い目がありません。",
          ],
          weightGrams: 380,
          options: { colour: ["grey", "navy", "green"], size: sizes },
          type: "mens-clothing",
          attributes: { sleeve: "long", collar: "crew", season: ["autumn", "winter"] },
          models: [
            {
              brand: "linden-row",
              price: 8900,
              words: { material: ["merino", "美利奴羊毛", "メリノウール"] },
              attributes: { material: ["wool"] },
            },
            {
              brand: "linden-row",
              price: 7900,
              words: { material: ["lambswool", "羊羔毛", "ラムウール"] },
              attributes: { material: ["wool"] },
            },
            {
              brand: "harrow-and-finch",
              price: 6900,
              words: { material: ["cotton", "棉", "コットン"] },
              attributes: { material: ["cotton"] },
            },
          ],
        },
      ],
    },
  ],
};
