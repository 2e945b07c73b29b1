import type { DemoDepartment } from "../demo-kind.ts";

const covers = { cover: ["paperback", "hardback"] };
const hardback = { hardback: 800 };

export const books: DemoDepartment = {
  slug: "books",
  names: ["Books", "图书", "本"],
  closings: [
    ["Printed on paper from managed forests.", "采用可持续森林纸张印刷。", "管理された森林の紙に印刷。"],
    ["A favourite of our booksellers.", "书店店员推荐。", "書店員のおすすめです。"],
    ["Also makes a good present.", "送礼佳选。", "贈り物にも。"],
  ],
  sections: [
    {
      slug: "fiction",
      names: ["Fiction", "小说", "小説"],
      kinds: [
        {
          shape: "book",
          name: ["{title}, by {author}", "《{title}》 {author} 著", "『{title}』{author}著"],
          about: ["A novel. {plot}", "长篇小说。{plot}", "長編小説。{plot}"],
          weightGrams: 410,
          options: covers,
          surcharges: hardback,
          type: "books",
          attributes: { author: "{author}", book_language: "en", binding: "paperback" },
          models: [
            {
              brand: "paper-lantern-press",
              price: 1299,
              words: {
                title: ["The Lantern Keeper", "守灯人", "灯台守の夜"],
                author: ["Mara Ellison", "玛拉·埃利森", "マーラ・エリソン"],
                plot: [
                  "On an island without a harbour, somebody lights the lamp every night.",
                  "一座没有港口的岛上，每晚都有人点亮灯火。",
                  "港のない島で、毎晩だれかが灯をともす。",
                ],
              },
              attributes: { pages: 312 },
            },
            {
              brand: "paper-lantern-press",
              price: 1399,
              words: {
                title: ["Seven Bridges Home", "归途七桥", "七つの橋の帰り道"],
                author: ["Chen Yulan", "陈玉兰", "陳玉蘭"],
                plot: [
                  "Three sisters walk across a flooded city to save one piano.",
                  "三姐妹穿过被淹的城市，只为救一架钢琴。",
                  "三姉妹が一台のピアノを救うため、水没した街を渡る。",
                ],
              },
              attributes: { pages: 448 },
            },
            {
              brand: "inkwell-house",
              price: 1199,
              words: {
                title: ["The Clockmaker's Alibi", "钟表匠的不在场证明", "時計職人のアリバイ"],
                author: ["Theo Brandt", "西奥·勃兰特", "テオ・ブラント"],
                plot: [
                  "Every clock in town stops at the same minute, and one man knows why.",
                  "全城的钟同时停摆，只有一人知道原因。",
                  "町中の時計が同じ時刻に止まり、ひとりだけが理由を知っている。",
                ],
              },
              attributes: { pages: 286 },
            },
          ],
        },
        {
          shape: "book",
          name: ["{title}: stories by {author}", "{title}：{author}故事集", "{title} {author}作品集"],
          about: [
            "Stories for {readers}, to be read aloud or alone.",
            "写给{readers}的故事，独自读或大声读都好。",
            "{readers}のための物語。声に出しても、ひとりでも。",
          ],
          weightGrams: 360,
          type: "books",
          attributes: { author: "{author}", book_language: "en", binding: "hardcover" },
          models: [
            {
              brand: "paper-lantern-press",
              price: 999,
              words: {
                title: ["Foxes on the Night Bus", "夜班车上的狐狸", "夜行バスのきつね"],
                author: ["Nori Tanabe", "田边乃里", "田辺のり"],
                readers: ["children from six", "六岁以上孩子", "6歳からの子ども"],
              },
              attributes: { pages: 128 },
            },
            {
              brand: "paper-lantern-press",
              price: 1099,
              words: {
                title: ["Small Weather", "小小天气", "ちいさな天気"],
                author: ["Ivy Marlowe", "艾薇·马洛", "アイビー・マーロウ"],
                readers: ["rainy afternoons", "雨天午后", "雨の午後"],
              },
              attributes: { pages: 184 },
            },
            {
              brand: "inkwell-house",
              price: 1149,
              words: {
                title: ["Letters to the Moon", "写给月亮的信", "月への手紙"],
                author: ["Samir Haddad", "萨米尔·哈达德", "サミール・ハダド"],
                readers: ["people who cannot sleep", "失眠的人", "眠れない人"],
              },
              attributes: { pages: 210 },
            },
          ],
        },
      ],
    },
    {
      slug: "knowledge",
      names: ["Knowledge", "知识", "実用・教養"],
      kinds: [
        {
          shape: "book",
          name: ["{title}", "《{title}》", "『{title}』"],
          about: [
            "{author} explains {subject} with drawings, examples and patience.",
            "{author}用图画、例子和耐心讲解{subject}。",
            "{author}が{subject}を図と例で根気よく説明します。",
          ],
          weightGrams: 620,
          options: covers,
          surcharges: hardback,
          type: "books",
          attributes: { author: "{author}", book_language: "en", binding: "paperback" },
          models: [
            {
              brand: "inkwell-house",
              price: 2999,
              words: {
                title: ["Programs That Wait", "会等待的程序", "待つプログラム"],
                author: ["Jonas Feld", "约纳斯·菲尔德", "ヨナス・フェルト"],
                subject: ["concurrency", "并发编程", "並行処理"],
              },
              attributes: { pages: 384 },
            },
            {
              brand: "inkwell-house",
              price: 1899,
              words: {
                title: ["A Short History of Salt", "盐的简史", "塩の小史"],
                author: ["Lucia Moretti", "露西娅·莫雷蒂", "ルチア・モレッティ"],
                subject: ["how salt made cities", "盐如何造就城市", "塩が都市を作った歴史"],
              },
              attributes: { pages: 256 },
            },
            {
              brand: "inkwell-house",
              price: 2199,
              words: {
                title: ["The Patient Gardener", "耐心的园丁", "気長な庭師"],
                author: ["Rowan Pike", "罗恩·派克", "ローワン・パイク"],
                subject: ["a garden in twelve months", "十二个月的花园", "十二か月の庭"],
              },
              attributes: { pages: 320 },
            },
          ],
        },
        {
          shape: "book",
          name: ["{title} cookbook", "《{title}》食谱", "『{title}』料理帖"],
          about: [
            "{number} recipes by {author} for {occasion}, with what to buy and what to leave out.",
            "{author}的 {number} 道适合{occasion}的菜谱，告诉你买什么、省什么。",
            "{author}による{occasion}の{number}のレシピ。買うものと省けるものがわかります。",
          ],
          weightGrams: 890,
          type: "books",
          attributes: { author: "{author}", book_language: "en", binding: "hardcover" },
          models: [
            {
              brand: "inkwell-house",
              price: 2499,
              words: {
                title: ["One Good Pot", "一锅好菜", "鍋ひとつ"],
                author: ["Alma Reyes", "阿尔玛·雷耶斯", "アルマ・レイエス"],
                number: "80",
                occasion: ["weekday evenings", "工作日晚餐", "平日の夜"],
              },
              attributes: { pages: 224 },
            },
            {
              brand: "inkwell-house",
              price: 2699,
              words: {
                title: ["Noodles After Midnight", "午夜面馆", "真夜中の麺"],
                author: ["Wei Jun", "魏军", "魏軍"],
                number: "60",
                occasion: ["late guests", "夜归人", "遅い来客"],
              },
              attributes: { pages: 240 },
            },
            {
              brand: "paper-lantern-press",
              price: 1999,
              words: {
                title: ["Bread for Beginners", "新手面包", "はじめてのパン"],
                author: ["Hanna Lund", "汉娜·伦德", "ハンナ・ルンド"],
                number: "45",
                occasion: ["slow Sundays", "悠闲周日", "ゆっくりした日曜日"],
              },
              attributes: { pages: 192 },
            },
          ],
        },
      ],
    },
    {
      slug: "paper-goods",
      names: ["Maps and notebooks", "地图与笔记本", "地図・ノート"],
      kinds: [
        {
          shape: "book",
          name: ["{brand} {model} notebook", "{brand} {model}笔记本", "{brand} {model}ノート"],
          about: [
            "{pages} pages of paper that takes ink well, {ruling}.",
            "{pages} 页，{ruling}，书写不洇墨。",
            "インクのにじまない紙{pages}ページ、{ruling}。",
          ],
          weightGrams: 280,
          options: { colour: ["black", "red", "green"] },
          models: [
            {
              brand: "inkwell-house",
              price: 1290,
              words: {
                model: ["dotted", "点阵", "ドット"],
                pages: "192",
                ruling: ["with a grid of dots", "点阵内页", "ドット方眼"],
              },
            },
            {
              brand: "inkwell-house",
              price: 1190,
              words: {
                model: ["ruled", "横线", "横罫"],
                pages: "160",
                ruling: ["ruled at seven millimetres", "7 毫米横线", "7ミリ罫"],
              },
            },
            {
              brand: "paper-lantern-press",
              price: 1490,
              words: {
                model: ["sketch", "素描", "スケッチ"],
                pages: "96",
                ruling: ["plain and heavy", "空白厚纸", "無地の厚紙"],
              },
            },
          ],
        },
        {
          shape: "book",
          name: ["Walking map: {place}", "步行地图：{place}", "散策地図：{place}"],
          about: [
            "{walks} walks with the time that they really take, on paper that survives rain.",
            "{walks} 条步行路线，标注真实用时，防雨纸印刷。",
            "実際にかかる時間を記した{walks}の散策路。雨に強い紙です。",
          ],
          weightGrams: 90,
          models: [
            {
              brand: "paper-lantern-press",
              price: 890,
              words: { place: ["the harbour", "海港", "港町"], walks: "12" },
            },
            {
              brand: "paper-lantern-press",
              price: 890,
              words: { place: ["the old town", "老城", "旧市街"], walks: "15" },
            },
            {
              brand: "inkwell-house",
              price: 990,
              words: { place: ["the hills", "山丘", "丘陵"], walks: "20" },
            },
          ],
        },
      ],
    },
  ],
};
