import type { DemoDepartment } from "../demo-kind.ts";

export const beauty: DemoDepartment = {
  slug: "beauty",
  names: ["Beauty", "美妆", "ビューティー"],
  closings: [
    ["Not tested on animals.", "不进行动物实验。", "動物実験をしていません。"],
    ["Refills cost a third less.", "替换装便宜三分之一。", "詰め替えは3分の1お得です。"],
    ["Comes in a box of recycled paper.", "采用再生纸包装盒。", "再生紙の箱入り。"],
  ],
  sections: [
    {
      slug: "skin-care",
      names: ["Skin care", "护肤", "スキンケア"],
      kinds: [
        {
          shape: "jar",
          name: ["{brand} {model} face cream", "{brand} {model}面霜", "{brand} {model}フェイスクリーム"],
          about: [
            "With {active}, for skin that {need}. A pea-sized amount is enough.",
            "含{active}，适合{need}的肌肤，豌豆大小即可。",
            "{active}配合。{need}肌に。豆粒ほどで十分です。",
          ],
          weightGrams: 140,
          options: { size: ["30 ml", "50 ml"] },
          surcharges: { "50 ml": 1200 },
          type: "beauty",
          attributes: { volume: 30 },
          models: [
            {
              brand: "camellia-lab",
              price: 2900,
              words: {
                model: ["camellia", "山茶花", "椿"],
                active: ["camellia oil", "山茶花油", "椿油"],
                need: ["feels tight", "紧绷", "つっぱる"],
              },
              attributes: { skin_type: ["dry"] },
            },
            {
              brand: "camellia-lab",
              price: 3400,
              words: {
                model: ["rice", "米萃", "米ぬか"],
                active: ["fermented rice", "发酵米", "発酵米エキス"],
                need: ["looks tired", "疲惫", "疲れた"],
              },
              attributes: { skin_type: ["mixed"] },
            },
            {
              brand: "verbena",
              price: 2400,
              words: {
                model: ["oat", "燕麦", "オーツ麦"],
                active: ["oat milk", "燕麦奶", "オーツミルク"],
                need: ["reddens easily", "易泛红", "赤みの出やすい"],
              },
              attributes: { skin_type: ["sensitive"], fragrance_free: true },
            },
          ],
        },
        {
          shape: "bottle",
          name: ["{brand} {model} serum", "{brand} {model}精华液", "{brand} {model}美容液"],
          about: [
            "A light serum with {active}, to be worn {when} under cream.",
            "轻盈精华，含{active}，{when}在面霜前使用。",
            "{active}を含む軽い美容液。{when}、クリームの前に。",
          ],
          weightGrams: 90,
          type: "beauty",
          attributes: { volume: 30, skin_type: ["all"], fragrance_free: true },
          models: [
            {
              brand: "camellia-lab",
              price: 3900,
              words: {
                model: ["vitamin C", "维生素 C", "ビタミンC"],
                active: ["stabilised vitamin C", "稳定型维生素 C", "安定型ビタミンC"],
                when: ["in the morning", "早晨", "朝"],
              },
            },
            {
              brand: "camellia-lab",
              price: 3700,
              words: {
                model: ["hyaluron", "玻尿酸", "ヒアルロン酸"],
                active: ["three sizes of hyaluronic acid", "三重玻尿酸", "3種のヒアルロン酸"],
                when: ["morning and evening", "早晚", "朝と夜"],
              },
            },
            {
              brand: "verbena",
              price: 4200,
              words: {
                model: ["night", "夜间", "ナイト"],
                active: ["a gentle retinal", "温和视黄醛", "おだやかなレチナール"],
                when: ["at night", "夜晚", "夜"],
              },
            },
          ],
        },
      ],
    },
    {
      slug: "make-up",
      names: ["Make-up and sun", "彩妆与防晒", "メイク・日焼け止め"],
      kinds: [
        {
          shape: "tube",
          name: ["{brand} {finish} lipstick", "{brand} {finish}口红", "{brand} {finish}リップ"],
          about: [
            "{finish} colour that stays through lunch and does not dry the lips.",
            "{finish}质地，午餐后依然持色，不拔干。",
            "昼食後も残る{finish}の発色で、唇が乾きません。",
          ],
          weightGrams: 22,
          options: { colour: ["red", "pink", "terracotta"] },
          type: "beauty",
          attributes: { volume: 4 },
          models: [
            { brand: "verbena", price: 1900, words: { finish: ["matte", "哑光", "マット"] } },
            { brand: "verbena", price: 1900, words: { finish: ["satin", "缎光", "サテン"] } },
            {
              brand: "camellia-lab",
              price: 2200,
              words: { finish: ["tinted balm", "润色", "色つきバーム"] },
            },
          ],
        },
        {
          shape: "bottle",
          name: [
            "{brand} {model} sunscreen SPF {spf}",
            "{brand} {model}防晒霜 SPF {spf}",
            "{brand} {model}日焼け止め SPF{spf}",
          ],
          about: [
            "Leaves no white film, stays on in the water and is kind to corals.",
            "不泛白、防水，对珊瑚友好。",
            "白浮きせず水にも強い。サンゴにもやさしい処方です。",
          ],
          weightGrams: 80,
          type: "beauty",
          attributes: { volume: 50, spf: "{spf}", skin_type: ["all"] },
          models: [
            {
              brand: "camellia-lab",
              price: 1800,
              words: { model: ["daily", "日常", "デイリー"], spf: "30" },
            },
            { brand: "camellia-lab", price: 2300, words: { model: ["beach", "海滩", "ビーチ"], spf: "50" } },
            { brand: "verbena", price: 2600, words: { model: ["tinted", "润色", "色つき"], spf: "50" } },
          ],
        },
      ],
    },
    {
      slug: "hair-and-scent",
      names: ["Hair and scent", "护发与香氛", "ヘアケア・香り"],
      kinds: [
        {
          shape: "bottle",
          name: ["{brand} {model} shampoo", "{brand} {model}洗发水", "{brand} {model}シャンプー"],
          about: [
            "For {hair} hair: cleans without stripping and rinses out quickly.",
            "适合{hair}发质，温和清洁，快速冲净。",
            "{hair}髪に。洗いすぎず、すすぎも早い。",
          ],
          weightGrams: 340,
          type: "beauty",
          attributes: { volume: 300, organic: true },
          models: [
            {
              brand: "camellia-lab",
              price: 1500,
              words: { model: ["camellia", "山茶花", "椿"], hair: ["dry", "干性", "乾いた"] },
            },
            {
              brand: "verbena",
              price: 1300,
              words: { model: ["mint", "薄荷", "ミント"], hair: ["oily", "油性", "べたつく"] },
            },
            {
              brand: "verbena",
              price: 1400,
              words: { model: ["chamomile", "洋甘菊", "カモミール"], hair: ["fine", "细软", "細い"] },
            },
          ],
        },
        {
          shape: "bottle",
          name: ["{brand} {model} eau de parfum", "{brand} {model}香水", "{brand} {model}オードパルファム"],
          about: [
            "Opens with {top} and settles into {base}.",
            "前调{top}，尾调{base}。",
            "{top}で始まり、{base}に落ち着きます。",
          ],
          weightGrams: 260,
          options: { size: ["30 ml", "50 ml"] },
          surcharges: { "50 ml": 2500 },
          type: "beauty",
          attributes: { volume: 30, fragrance_free: false },
          models: [
            {
              brand: "verbena",
              price: 5900,
              words: {
                model: ["Citrus Row", "柑橘小径", "シトラス・ロウ"],
                top: ["bergamot and basil", "佛手柑与罗勒", "ベルガモットとバジル"],
                base: ["cedar", "雪松", "シダー"],
              },
            },
            {
              brand: "verbena",
              price: 6900,
              words: {
                model: ["Fig Tree", "无花果树", "フィグツリー"],
                top: ["green fig", "青无花果", "青いイチジク"],
                base: ["warm wood", "暖木", "温かな木"],
              },
            },
            {
              brand: "maison-celeste",
              price: 8900,
              words: {
                model: ["Midnight Rose", "午夜玫瑰", "ミッドナイトローズ"],
                top: ["rose and pepper", "玫瑰与胡椒", "バラと胡椒"],
                base: ["amber", "琥珀", "アンバー"],
              },
            },
          ],
        },
      ],
    },
  ],
};
