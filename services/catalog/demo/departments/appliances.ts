import type { DemoDepartment } from "../demo-kind.ts";

export const appliances: DemoDepartment = {
  slug: "household-appliances",
  names: ["Household appliances", "家用电器", "家電"],
  closings: [
    [
      "Delivered to the room; the old one is taken along.",
      "送货入户，可回收旧机。",
      "お部屋までお届けし、古い製品は引き取ります。",
    ],
    [
      "All wearing parts can be bought singly.",
      "所有易损件均可单独购买。",
      "消耗部品はすべて単品で購入できます。",
    ],
    ["With a guarantee of five years.", "五年质保。", "5年間の保証付き。"],
  ],
  sections: [
    {
      slug: "large-appliances",
      names: ["Large appliances", "大家电", "大型家電"],
      kinds: [
        {
          shape: "appliance",
          name: [
            "{brand} {model} washing machine, {load} kg",
            "{brand} {model} 洗衣机 {load} 公斤",
            "{brand} {model} 洗濯機 {load}kg",
          ],
          about: [
            "Weighs the washing and takes only the water it needs. The drum light shows the lost sock.",
            "自动称重，按需用水，内筒灯让落单的袜子无处可藏。",
            "洗濯物の重さを量り、必要な水だけを使います。槽内ライトで靴下の取り忘れもありません。",
          ],
          weightGrams: 64000,
          options: { colour: ["white", "silver"] },
          type: "household-appliances",
          attributes: {
            power: 2000,
            voltage: "220",
            energy_class: "a",
            noise: 52,
            smart: true,
            warranty: 60,
          },
          models: [
            { brand: "halden", price: 49900, words: { model: "Aqua 7", load: "7" } },
            { brand: "halden", price: 62900, words: { model: "Aqua 9", load: "9" } },
            { brand: "brisa", price: 55900, words: { model: "Ola", load: "8" } },
          ],
        },
        {
          shape: "appliance",
          name: [
            "{brand} {model} fridge-freezer, {litres} litres",
            "{brand} {model} 冰箱 {litres} 升",
            "{brand} {model} 冷凍冷蔵庫 {litres}L",
          ],
          about: [
            "Keeps salad crisp for a week, makes no ice of its own, and is as quiet as a library.",
            "一周保鲜，无霜设计，安静如图书馆。",
            "野菜を1週間みずみずしく。霜取り不要で、図書館のように静かです。",
          ],
          weightGrams: 68000,
          options: { colour: ["white", "silver", "black"] },
          surcharges: { black: 4000 },
          type: "household-appliances",
          attributes: {
            power: 110,
            voltage: "220",
            energy_class: "b",
            noise: 34,
            smart: false,
            warranty: 60,
          },
          models: [
            { brand: "halden", price: 69900, words: { model: "Polar 320", litres: "320" } },
            { brand: "brisa", price: 84900, words: { model: "Nieve", litres: "410" } },
            { brand: "yamabuki", price: 52900, words: { model: "Kozeni", litres: "180" } },
          ],
        },
      ],
    },
    {
      slug: "kitchen-appliances",
      names: ["Kitchen appliances", "厨房电器", "キッチン家電"],
      kinds: [
        {
          shape: "pot",
          name: ["{brand} {model} kettle", "{brand} {model} 电水壶", "{brand} {model} 電気ケトル"],
          about: [
            "Boils {litres} litres, holds the temperature that your tea wants, and pours without a drip.",
            "容量 {litres} 升，按茶叶所需控温，倒水不滴漏。",
            "容量{litres}リットル。お茶に合う温度を保ち、液だれしません。",
          ],
          weightGrams: 1100,
          options: { colour: ["black", "cream", "green"] },
          type: "household-appliances",
          attributes: { power: 2200, voltage: "220", smart: false, warranty: 60, material: ["steel"] },
          models: [
            { brand: "yamabuki", price: 5900, words: { model: "Yunomi", litres: "0.8" } },
            { brand: "brisa", price: 4900, words: { model: "Vapor", litres: "1.5" } },
            { brand: "halden", price: 6900, words: { model: "Spring", litres: "1.7" } },
          ],
        },
        {
          shape: "pot",
          name: ["{brand} {model} rice cooker", "{brand} {model} 电饭煲", "{brand} {model} 炊飯器"],
          about: [
            "Rice for {people}, fluffy or sticky, ready when you come home.",
            "可煮{people}的米饭，软糯随心，到家即食。",
            "{people}のごはんを、ふっくらももちもちも。帰宅時間に炊き上がります。",
          ],
          weightGrams: 3400,
          options: { colour: ["white", "black"] },
          type: "household-appliances",
          attributes: { power: 700, voltage: "220", smart: false, warranty: 60, material: ["steel"] },
          models: [
            {
              brand: "yamabuki",
              price: 8900,
              words: { model: "Kamado 3", people: ["two or three", "2 至 3 人份", "2〜3人分"] },
            },
            {
              brand: "yamabuki",
              price: 12900,
              words: { model: "Kamado 6", people: ["a family", "一家人份", "家族全員分"] },
            },
            {
              brand: "brisa",
              price: 5400,
              words: { model: "Grano", people: ["one or two", "1 至 2 人份", "1〜2人分"] },
            },
          ],
        },
      ],
    },
    {
      slug: "cleaning-and-climate",
      names: ["Cleaning and climate", "清洁与空气", "掃除・空調"],
      kinds: [
        {
          shape: "appliance",
          name: [
            "{brand} {model} cordless vacuum cleaner",
            "{brand} {model} 无线吸尘器",
            "{brand} {model} コードレス掃除機",
          ],
          about: [
            "{minutes} minutes on one charge, light enough for stairs, and emptied without touching the dust.",
            "一次充电使用 {minutes} 分钟，轻巧可上楼梯，倒尘不沾手。",
            "1回の充電で{minutes}分。階段でも軽く、ごみに触れずに捨てられます。",
          ],
          weightGrams: 2600,
          options: { colour: ["red", "grey"] },
          type: "household-appliances",
          attributes: { power: 450, voltage: "220", noise: 68, smart: false, warranty: 60 },
          models: [
            { brand: "halden", price: 24900, words: { model: "Sweep", minutes: "60" } },
            { brand: "brisa", price: 18900, words: { model: "Polvo", minutes: "45" } },
            { brand: "yamabuki", price: 13900, words: { model: "Hokori", minutes: "30" } },
          ],
        },
        {
          shape: "appliance",
          name: ["{brand} {model} air purifier", "{brand} {model} 空气净化器", "{brand} {model} 空気清浄機"],
          about: [
            "Cleans the air of {area} square metres four times an hour and whispers at night.",
            "每小时净化 {area} 平方米空间四次，夜间静音。",
            "{area}平方メートルの空気を1時間に4回清浄。夜はささやくように静かです。",
          ],
          weightGrams: 5200,
          options: { colour: ["white", "grey"] },
          type: "household-appliances",
          attributes: { power: 45, voltage: "220", noise: 24, smart: true, warranty: 60 },
          models: [
            { brand: "brisa", price: 16900, words: { model: "Bosque", area: "30" } },
            { brand: "halden", price: 22900, words: { model: "Alpine", area: "45" } },
            { brand: "yamabuki", price: 11900, words: { model: "Soyokaze", area: "18" } },
          ],
        },
      ],
    },
  ],
};
