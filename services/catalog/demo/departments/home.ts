import type { DemoDepartment } from "../demo-kind.ts";

export const homeware: DemoDepartment = {
  slug: "home-and-living",
  names: ["Home and living", "家居", "ホーム・インテリア"],
  closings: [
    [
      "Goes with all the other pieces of the series.",
      "可与同系列其他产品搭配。",
      "同じシリーズの品とよく合います。",
    ],
    ["Made in small batches.", "小批量制作。", "少量ずつ作られています。"],
    ["Arrives without plastic around it.", "无塑料包装。", "プラスチックを使わずに梱包します。"],
  ],
  sections: [
    {
      slug: "bed-and-bath",
      names: ["Bed and bath", "床品与卫浴", "寝具・バス"],
      kinds: [
        {
          shape: "cushion",
          name: [
            "{brand} {material} bed linen",
            "{brand} {material}床品套件",
            "{brand} {material}ベッドリネン",
          ],
          about: [
            "A duvet cover and two pillowcases of {material}, washed soft before you get them.",
            "{material}被套与两只枕套，出厂前已水洗柔软。",
            "{material}の掛け布団カバーと枕カバー2枚。洗いをかけてやわらかく仕上げました。",
          ],
          weightGrams: 1700,
          options: { size: ["single", "double", "king"], colour: ["white", "sand", "blue"] },
          surcharges: { double: 2000, king: 3500 },
          type: "home",
          attributes: { room: ["bedroom"], washable: true },
          models: [
            {
              brand: "willow-and-slate",
              price: 7900,
              words: { material: ["linen", "亚麻", "リネン"] },
              attributes: { material: ["linen"] },
            },
            {
              brand: "sora-living",
              price: 4900,
              words: { material: ["cotton", "纯棉", "コットン"] },
              attributes: { material: ["cotton"] },
            },
            {
              brand: "fjordhem",
              price: 5900,
              words: { material: ["bamboo", "竹纤维", "バンブー"] },
              attributes: { material: ["bamboo"] },
            },
          ],
        },
        {
          shape: "cushion",
          name: ["{brand} {model} towel set", "{brand} {model}毛巾套装", "{brand} {model}タオルセット"],
          about: [
            "{pieces}, thick where it matters and dry by the next morning.",
            "{pieces}，厚实吸水，次日清晨即干。",
            "{pieces}。しっかり厚く、翌朝には乾きます。",
          ],
          weightGrams: 1200,
          options: { colour: ["white", "grey", "green"] },
          type: "home",
          attributes: { room: ["bathroom"], washable: true, material: ["cotton"] },
          models: [
            {
              brand: "sora-living",
              price: 3900,
              words: {
                model: ["waffle", "华夫格", "ワッフル"],
                pieces: ["Two large and two small towels", "大小毛巾各两条", "大小2枚ずつ"],
              },
            },
            {
              brand: "willow-and-slate",
              price: 4900,
              words: {
                model: ["terry", "毛圈", "パイル"],
                pieces: [
                  "Four hand towels and two bath towels",
                  "四条面巾与两条浴巾",
                  "フェイスタオル4枚とバスタオル2枚",
                ],
              },
            },
            {
              brand: "fjordhem",
              price: 2900,
              words: {
                model: ["sauna", "桑拿", "サウナ"],
                pieces: [
                  "A sheet of two metres and a headband",
                  "两米长浴巾与发带",
                  "2メートルのシートとヘアバンド",
                ],
              },
            },
          ],
        },
      ],
    },
    {
      slug: "light-and-furniture",
      names: ["Light and furniture", "灯具与家具", "照明・家具"],
      kinds: [
        {
          shape: "lamp",
          name: ["{brand} {model} table lamp", "{brand} {model} 台灯", "{brand} {model} テーブルランプ"],
          about: [
            "A shade of {material} and warm light that can be dimmed with a touch.",
            "{material}灯罩，轻触调光的暖光。",
            "{material}のシェードと、触れて調光できる暖かな光。",
          ],
          weightGrams: 1500,
          options: { colour: ["white", "terracotta", "black"] },
          type: "home",
          attributes: { room: ["living-room", "bedroom"], assembly: false },
          models: [
            {
              brand: "fjordhem",
              price: 6900,
              words: { model: "Skog", material: ["paper", "纸质", "和紙"] },
              attributes: { material: ["paper"] },
            },
            {
              brand: "fjordhem",
              price: 8900,
              words: { model: "Berg", material: ["ceramic", "陶瓷", "陶器"] },
              attributes: { material: ["ceramic"] },
            },
            {
              brand: "sora-living",
              price: 5400,
              words: { model: "Tsuki", material: ["frosted glass", "磨砂玻璃", "すりガラス"] },
              attributes: { material: ["glass"] },
            },
          ],
        },
        {
          shape: "box",
          name: ["{brand} {model} in {wood}", "{brand} {wood}{model}", "{brand} {wood}の{model}"],
          about: [
            "Solid {wood} with an oil that can be renewed. Put together with one key in ten minutes.",
            "实心{wood}，可重复上油保养，一把扳手十分钟装好。",
            "無垢の{wood}にオイル仕上げ。レンチ1本、10分で組み立てられます。",
          ],
          weightGrams: 14000,
          type: "home",
          attributes: { room: ["living-room", "study"], assembly: true, material: ["wood"] },
          models: [
            {
              brand: "fjordhem",
              price: 18900,
              words: { model: ["bookshelf", "书架", "本棚"], wood: ["oak", "橡木", "オーク"] },
            },
            {
              brand: "fjordhem",
              price: 12900,
              words: { model: ["side table", "边桌", "サイドテーブル"], wood: ["ash", "白蜡木", "アッシュ"] },
            },
            {
              brand: "sora-living",
              price: 9900,
              words: { model: ["stool", "凳子", "スツール"], wood: ["beech", "榉木", "ブナ"] },
            },
          ],
        },
      ],
    },
    {
      slug: "cooking-and-dining",
      names: ["Cooking and dining", "烹饪与餐桌", "キッチン・食卓"],
      kinds: [
        {
          shape: "pot",
          name: ["{brand} {model} pan", "{brand} {model}锅", "{brand} {model}フライパン"],
          about: [
            "{model} for all hobs, with a handle that stays cool. Better with every year.",
            "{model}材质，适用各种炉灶，手柄不烫，越用越好。",
            "{model}製で全熱源対応。取っ手は熱くならず、使うほどになじみます。",
          ],
          weightGrams: 1900,
          options: { diameter: ["24 cm", "28 cm"] },
          surcharges: { "28 cm": 1000 },
          type: "home",
          attributes: { room: ["kitchen"], assembly: false },
          models: [
            {
              brand: "willow-and-slate",
              price: 5900,
              words: { model: ["cast iron", "铸铁", "鋳鉄"] },
              attributes: { material: ["metal"] },
            },
            {
              brand: "willow-and-slate",
              price: 4400,
              words: { model: ["carbon steel", "碳钢", "鉄"] },
              attributes: { material: ["metal"] },
            },
            {
              brand: "sora-living",
              price: 3900,
              words: { model: ["ceramic-coated", "陶瓷涂层", "セラミック"] },
              attributes: { material: ["metal", "ceramic"] },
            },
          ],
        },
        {
          shape: "jar",
          name: ["{brand} {model}", "{brand} {model}", "{brand} {model}"],
          about: [
            "Stoneware with a reactive glaze, so no two pieces are alike. For oven, dishwasher and Sunday.",
            "窑变釉炻瓷，件件不同。可用于烤箱和洗碗机。",
            "窯変釉のストーンウェアで、ひとつとして同じものはありません。オーブンにも食洗機にも。",
          ],
          weightGrams: 2400,
          options: { colour: ["white", "blue", "green"] },
          type: "home",
          attributes: { room: ["kitchen"], material: ["ceramic"] },
          models: [
            {
              brand: "willow-and-slate",
              price: 4900,
              words: { model: ["set of four bowls", "四只碗套装", "ボウル4点セット"] },
            },
            {
              brand: "willow-and-slate",
              price: 5900,
              words: { model: ["set of four plates", "四只盘套装", "プレート4点セット"] },
            },
            {
              brand: "sora-living",
              price: 3400,
              words: { model: ["teapot with two cups", "一壶二杯茶具", "急須と湯のみ2客セット"] },
            },
          ],
        },
      ],
    },
  ],
};
