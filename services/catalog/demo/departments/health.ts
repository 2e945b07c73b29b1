import type { DemoDepartment } from "../demo-kind.ts";

export const health: DemoDepartment = {
  slug: "health",
  names: ["Health", "健康", "健康"],
  closings: [
    ["With a guide in eight languages.", "附八种语言说明书。", "8言語の説明書付き。"],
    ["Recommended by our pharmacists.", "药师推荐。", "薬剤師のおすすめです。"],
    ["Easy to use from the first day.", "第一天就能上手。", "初日から簡単に使えます。"],
  ],
  sections: [
    {
      slug: "measuring",
      names: ["Measuring", "测量", "測定機器"],
      kinds: [
        {
          shape: "box",
          name: [
            "{brand} {model} blood pressure monitor",
            "{brand} {model} 血压计",
            "{brand} {model} 血圧計",
          ],
          about: [
            "Measures at the {place}, remembers {users} people and says when to rest first.",
            "{place}测量，可记忆 {users} 人数据，并提醒先休息。",
            "{place}で測り、{users}人分を記録。先に休むべき時も教えます。",
          ],
          weightGrams: 420,
          type: "health",
          attributes: { dosage_form: "device", quantity: 1, prescription: false },
          models: [
            {
              brand: "restwell",
              price: 4900,
              words: { model: "Arm 2", place: ["upper arm", "上臂", "上腕"], users: "2" },
            },
            {
              brand: "restwell",
              price: 3900,
              words: { model: "Wrist", place: ["wrist", "手腕", "手首"], users: "2" },
            },
            {
              brand: "restwell",
              price: 7900,
              words: { model: "Arm Family", place: ["upper arm", "上臂", "上腕"], users: "6" },
            },
          ],
        },
        {
          shape: "box",
          name: ["{brand} {model}", "{brand} {model}", "{brand} {model}"],
          about: [
            "{use} The display can be read in the dark.",
            "{use}屏幕夜间可读。",
            "{use}暗くても読める表示です。",
          ],
          weightGrams: 350,
          options: { colour: ["white", "black"] },
          type: "health",
          attributes: { dosage_form: "device", quantity: 1, prescription: false },
          models: [
            {
              brand: "restwell",
              price: 2900,
              words: {
                model: ["bathroom scales", "体重秤", "体重計"],
                use: ["Shows weight to fifty grams.", "精确到 50 克。", "50グラム単位で表示。"],
              },
            },
            {
              brand: "restwell",
              price: 2400,
              words: {
                model: ["ear thermometer", "耳温计", "耳式体温計"],
                use: ["Takes a temperature in one second.", "一秒测温。", "1秒で検温。"],
              },
            },
            {
              brand: "vital-grove",
              price: 3400,
              words: {
                model: ["pulse oximeter", "血氧仪", "パルスオキシメーター"],
                use: [
                  "Shows oxygen and pulse at the fingertip.",
                  "指尖显示血氧与脉搏。",
                  "指先で酸素と脈拍を表示。",
                ],
              },
            },
          ],
        },
      ],
    },
    {
      slug: "training-and-rest",
      names: ["Training and rest", "锻炼与休息", "運動・休息"],
      kinds: [
        {
          shape: "cushion",
          name: ["{brand} {material} yoga mat", "{brand} {material}瑜伽垫", "{brand} {material}ヨガマット"],
          about: [
            "{thickness} millimetres of {material} that grips wet hands and rolls up small.",
            "{thickness} 毫米{material}，湿手不滑，可卷收。",
            "厚さ{thickness}ミリの{material}。汗をかいても滑らず、小さく巻けます。",
          ],
          weightGrams: 1800,
          options: { colour: ["green", "grey", "pink"] },
          models: [
            {
              brand: "vital-grove",
              price: 4900,
              words: { material: ["cork", "软木", "コルク"], thickness: "4" },
            },
            {
              brand: "vital-grove",
              price: 5900,
              words: { material: ["natural rubber", "天然橡胶", "天然ゴム"], thickness: "5" },
            },
            {
              brand: "strider",
              price: 2900,
              words: { material: ["foam", "泡棉", "フォーム"], thickness: "6" },
            },
          ],
        },
        {
          shape: "box",
          name: ["{brand} {model} massager", "{brand} {model}按摩器", "{brand} {model}マッサージャー"],
          about: [
            "Kneads {part} at {levels} strengths and switches off by itself.",
            "{levels} 档揉捏{part}，自动关机。",
            "{part}を{levels}段階でもみほぐし、自動で止まります。",
          ],
          weightGrams: 900,
          type: "health",
          attributes: { dosage_form: "device", quantity: 1, prescription: false },
          models: [
            {
              brand: "restwell",
              price: 6900,
              words: {
                model: ["neck", "颈部", "首用"],
                part: ["neck and shoulders", "颈肩", "首と肩"],
                levels: "3",
              },
            },
            {
              brand: "restwell",
              price: 8900,
              words: {
                model: ["foot", "足部", "足用"],
                part: ["soles and ankles", "足底与脚踝", "足裏と足首"],
                levels: "4",
              },
            },
            {
              brand: "vital-grove",
              price: 7900,
              words: {
                model: ["deep-tissue", "深层", "ディープ"],
                part: ["tired muscles", "疲劳肌肉", "疲れた筋肉"],
                levels: "5",
              },
            },
          ],
        },
      ],
    },
    {
      slug: "supplements-and-first-aid",
      names: ["Supplements and first aid", "营养与急救", "サプリメント・救急"],
      kinds: [
        {
          shape: "jar",
          name: ["{brand} {vitamin}", "{brand} {vitamin}", "{brand} {vitamin}"],
          about: [
            "{count} capsules, one a day with a meal. {note}",
            "{count} 粒，每日一粒随餐服用。{note}",
            "{count}粒、1日1粒を食事とともに。{note}",
          ],
          weightGrams: 160,
          type: "health",
          attributes: { dosage_form: "capsules", quantity: "{count}", prescription: false },
          models: [
            {
              brand: "vital-grove",
              price: 1400,
              words: {
                vitamin: ["vitamin D3", "维生素 D3", "ビタミンD3"],
                count: "120",
                note: ["For dark winters.", "适合少光的冬季。", "日の短い冬に。"],
              },
            },
            {
              brand: "vital-grove",
              price: 1900,
              words: {
                vitamin: ["omega-3 from algae", "藻油 Omega-3", "藻由来オメガ3"],
                count: "60",
                note: ["Without fish.", "不含鱼。", "魚不使用。"],
              },
            },
            {
              brand: "vital-grove",
              price: 1600,
              words: {
                vitamin: ["magnesium", "镁", "マグネシウム"],
                count: "90",
                note: ["For busy legs.", "缓解腿部疲劳。", "よく動かす足に。"],
              },
            },
          ],
        },
        {
          shape: "box",
          name: ["{brand} {model} first-aid kit", "{brand} {model}急救包", "{brand} {model}救急セット"],
          about: [
            "{pieces} pieces in order, for {place}. Every compartment has a label.",
            "{pieces} 件物品分区收纳，适合{place}，每格均有标签。",
            "{pieces}点を整理して収納。{place}に。仕切りには表示付き。",
          ],
          weightGrams: 680,
          models: [
            {
              brand: "restwell",
              price: 2400,
              words: {
                model: ["home", "家用", "家庭用"],
                pieces: "90",
                place: ["the kitchen drawer", "厨房抽屉", "台所の引き出し"],
              },
            },
            {
              brand: "restwell",
              price: 1900,
              words: {
                model: ["travel", "旅行", "旅行用"],
                pieces: "60",
                place: ["the suitcase", "行李箱", "スーツケース"],
              },
            },
            {
              brand: "roadmate",
              price: 1700,
              words: {
                model: ["car", "车载", "車載用"],
                pieces: "48",
                place: ["the glove box", "手套箱", "グローブボックス"],
              },
            },
          ],
        },
      ],
    },
  ],
};
