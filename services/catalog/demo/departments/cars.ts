import type { DemoDepartment } from "../demo-kind.ts";

export const cars: DemoDepartment = {
  slug: "cars",
  names: ["Cars", "汽车", "車・カー用品"],
  closings: [
    [
      "Advice by telephone on every day of the week.",
      "每天提供电话咨询。",
      "毎日お電話でご相談いただけます。",
    ],
    [
      "Tested from minus twenty to plus sixty degrees.",
      "通过 -20 至 60 °C 测试。",
      "マイナス20℃から60℃まで試験済み。",
    ],
    ["Delivered with a guide in eight languages.", "附八种语言说明书。", "8言語の説明書付き。"],
  ],
  sections: [
    {
      slug: "new-cars",
      names: ["New cars", "整车", "新車"],
      kinds: [
        {
          shape: "car",
          name: ["{brand} {model} electric car", "{brand} {model} 纯电动汽车", "{brand} {model} 電気自動車"],
          about: [
            "{range} kilometres on one charge, {seats} seats, and a boot that takes a bicycle. Charges to four fifths while you have lunch.",
            "一次充电行驶 {range} 公里，{seats} 座，后备箱可放自行车，一顿午饭的时间即可充至八成。",
            "1回の充電で{range}キロメートル、{seats}人乗り。自転車も積め、昼食の間に8割まで充電できます。",
          ],
          weightGrams: 1000000,
          options: { colour: ["white", "blue", "black"] },
          type: "cars",
          attributes: {
            drive: "electric",
            gearbox: "automatic",
            seats: "{seats}",
            range: "{range}",
            warranty: 60,
          },
          models: [
            {
              brand: "torque-and-trail",
              price: 2690000,
              words: { model: "Current", range: "420", seats: "5" },
              attributes: { engine_power: 150 },
            },
            {
              brand: "torque-and-trail",
              price: 3890000,
              words: { model: "Current Estate", range: "530", seats: "7" },
              attributes: { engine_power: 210 },
            },
            {
              brand: "roadmate",
              price: 1590000,
              words: { model: "Minnow", range: "240", seats: "4" },
              attributes: { engine_power: 70 },
            },
          ],
        },
        {
          shape: "car",
          name: [
            "{brand} {model} hybrid car",
            "{brand} {model} 混合动力汽车",
            "{brand} {model} ハイブリッド車",
          ],
          about: [
            "Quiet in town, untiring on the motorway: {litres} litres for a hundred kilometres and room for {seats}.",
            "市区安静，高速从容：百公里油耗 {litres} 升，可乘 {seats} 人。",
            "街では静かに、高速では力強く。100キロメートルあたり{litres}リットル、{seats}人乗り。",
          ],
          weightGrams: 1000000,
          options: { colour: ["silver", "red"] },
          type: "cars",
          attributes: { drive: "hybrid", gearbox: "automatic", seats: "{seats}", warranty: 60 },
          models: [
            {
              brand: "torque-and-trail",
              price: 2490000,
              words: { model: "Ridge", litres: "4.6", seats: "5" },
              attributes: { engine_power: 135 },
            },
            {
              brand: "roadmate",
              price: 1990000,
              words: { model: "Commuter", litres: "3.9", seats: "5" },
              attributes: { engine_power: 103 },
            },
            {
              brand: "torque-and-trail",
              price: 3290000,
              words: { model: "Ridge Camper", litres: "5.8", seats: "4" },
              attributes: { engine_power: 160 },
            },
          ],
        },
      ],
    },
    {
      slug: "car-electronics",
      names: ["Car electronics", "车载电子", "車載機器"],
      kinds: [
        {
          shape: "box",
          name: [
            "{brand} {model} dash cam",
            "{brand} {model} 行车记录仪",
            "{brand} {model} ドライブレコーダー",
          ],
          about: [
            "Records in {resolution}, day and night, and keeps what happened when somebody bumps the parked car.",
            "{resolution}昼夜录像，停车碰撞自动保存。",
            "昼も夜も{resolution}で録画し、駐車中の衝撃も記録します。",
          ],
          weightGrams: 130,
          models: [
            {
              brand: "roadmate",
              price: 8900,
              words: { model: "Witness", resolution: ["Full HD", "全高清", "フルHD"] },
            },
            {
              brand: "roadmate",
              price: 14900,
              words: { model: "Witness 4K", resolution: ["4K", "4K", "4K"] },
            },
            { brand: "kitefin", price: 5900, words: { model: "Dashview", resolution: ["HD", "高清", "HD"] } },
          ],
        },
        {
          shape: "box",
          name: [
            "{brand} {model} jump starter",
            "{brand} {model} 应急启动电源",
            "{brand} {model} ジャンプスターター",
          ],
          about: [
            "Starts an engine of up to {litres} litres, and phones in between.",
            "可启动 {litres} 升以下发动机，平时可为手机充电。",
            "{litres}リットルまでのエンジンを始動。ふだんはスマートフォンの充電に。",
          ],
          weightGrams: 540,
          models: [
            { brand: "roadmate", price: 6900, words: { model: "Spark", litres: "4" } },
            { brand: "torque-and-trail", price: 9900, words: { model: "Bolt", litres: "6.5" } },
            { brand: "kitefin", price: 5400, words: { model: "Nudge", litres: "3" } },
          ],
        },
      ],
    },
    {
      slug: "car-care",
      names: ["Tyres, care and comfort", "轮胎、养护与舒适", "タイヤ・カーケア用品"],
      kinds: [
        {
          shape: "wheel",
          name: ["{brand} {model} tyre", "{brand} {model} 轮胎", "{brand} {model} タイヤ"],
          about: [
            "A {season} tyre that brakes short in the wet and rolls quietly.",
            "{season}胎，湿地制动距离短，行驶安静。",
            "濡れた路面でも短く止まり、静かに転がる{season}タイヤ。",
          ],
          weightGrams: 9200,
          options: { size: ["205/55 R16", "225/45 R17"] },
          surcharges: { "225/45 R17": 2500 },
          models: [
            {
              brand: "torque-and-trail",
              price: 7900,
              words: { model: "Breeze", season: ["summer", "夏季", "サマー"] },
            },
            {
              brand: "torque-and-trail",
              price: 8900,
              words: { model: "Frost", season: ["winter", "冬季", "ウインター"] },
            },
            {
              brand: "roadmate",
              price: 8400,
              words: { model: "Allround", season: ["four-season", "四季", "オールシーズン"] },
            },
          ],
        },
        {
          shape: "bottle",
          name: ["{brand} {model}", "{brand} {model}", "{brand} {model}"],
          about: [
            "{use} One bottle is enough for {times} cars.",
            "{use}一瓶可用于 {times} 辆车。",
            "{use}1本で{times}台分です。",
          ],
          weightGrams: 620,
          models: [
            {
              brand: "roadmate",
              price: 1200,
              words: {
                model: ["wax shampoo", "水蜡洗车液", "ワックスシャンプー"],
                use: ["Cleans and waxes in one go.", "清洁上蜡一步完成。", "洗車とワックスを一度に。"],
                times: "12",
              },
            },
            {
              brand: "roadmate",
              price: 900,
              words: {
                model: ["glass cleaner", "玻璃清洁剂", "ガラスクリーナー"],
                use: [
                  "Takes off insects and streaks nothing.",
                  "去除虫渍，不留水痕。",
                  "虫汚れを落とし、拭き跡を残しません。",
                ],
                times: "20",
              },
            },
            {
              brand: "torque-and-trail",
              price: 1500,
              words: {
                model: ["leather balm", "皮革养护膏", "レザーバーム"],
                use: [
                  "Keeps seats soft and free of cracks.",
                  "保持座椅柔软不开裂。",
                  "シートをやわらかく保ち、ひび割れを防ぎます。",
                ],
                times: "6",
              },
            },
          ],
        },
        {
          shape: "cushion",
          name: ["{brand} {model}", "{brand} {model}", "{brand} {model}"],
          about: [
            "{use} The cover comes off for washing.",
            "{use}外套可拆洗。",
            "{use}カバーは外して洗えます。",
          ],
          weightGrams: 780,
          options: { colour: ["black", "grey"] },
          models: [
            {
              brand: "torque-and-trail",
              price: 2900,
              words: {
                model: ["lumbar cushion", "腰靠垫", "腰当てクッション"],
                use: ["Holds the back on long drives.", "长途驾驶承托腰背。", "長距離運転の腰を支えます。"],
              },
            },
            {
              brand: "torque-and-trail",
              price: 2400,
              words: {
                model: ["neck pillow", "颈枕", "ネックピロー"],
                use: ["For the passenger who sleeps.", "给爱睡的乘客。", "眠る同乗者に。"],
              },
            },
            {
              brand: "roadmate",
              price: 3900,
              words: {
                model: ["boot organiser", "后备箱收纳箱", "トランク収納"],
                use: ["Keeps the shopping upright.", "购物袋不再倾倒。", "買い物袋が倒れません。"],
              },
            },
          ],
        },
      ],
    },
  ],
};
