/** Characters that shops use, traditional and simplified at the same positions; each stands for one. */
const traditional =
  "機電視腦筆記錄鍵顯殼線無藍寶裝褲襪圍絲綢紗絨連長運動籃馬涼護膚妝潔麵紅曬髮發飲糧葉餅乾堅雞魚豬蝦書說" +
  "畫學習車輪導儀禮項鏈錶鑽醫藥維鈣嬰兒濕紙積傢燈櫃墊單鍋盤壺爐飯風調滌塵掃淨過濾門鎖鋼鐵銀銅鋁膠黃綠號" +
  "碼個雙對條張層開關聲響頻網絡數據華為蘋聯爾鬆彈軟輕熱溫節費優質買賣貨專業與國產歐韓灣時鐘鬧樂遊戲劇藝" +
  "術飾環貓寵鳥龍雲氣壓測體稱鏡頭攝圖傳複製繩訂辦員傘蓋簡緊縫續緩編織縮純細組終給統經絕繡貼貝資賽贈農鄉" +
  "釣針鈴鉛錢鍛鐲閃間陽陰際隨隱難靜順預領顆類顏飛館驅驗鮮麥點齊齒齡療癢磚禦種穩競築縣養餵駕騎鬍鮑鴨鵝鹽" +
  "麗";
const simplified =
  "机电视脑笔记录键显壳线无蓝宝装裤袜围丝绸纱绒连长运动篮马凉护肤妆洁面红晒发发饮粮叶饼干坚鸡鱼猪虾书说" +
  "画学习车轮导仪礼项链表钻医药维钙婴儿湿纸积家灯柜垫单锅盘壶炉饭风调涤尘扫净过滤门锁钢铁银铜铝胶黄绿号" +
  "码个双对条张层开关声响频网络数据华为苹联尔松弹软轻热温节费优质买卖货专业与国产欧韩湾时钟闹乐游戏剧艺" +
  "术饰环猫宠鸟龙云气压测体称镜头摄图传复制绳订办员伞盖简紧缝续缓编织缩纯细组终给统经绝绣贴贝资赛赠农乡" +
  "钓针铃铅钱锻镯闪间阳阴际随隐难静顺预领颗类颜飞馆驱验鲜麦点齐齿龄疗痒砖御种稳竞筑县养喂驾骑胡鲍鸭鹅盐" +
  "丽";

const simplifiedOf: ReadonlyMap<string, string> = new Map(
  Array.from(traditional, (character, index) => [character, simplified[index] ?? character]),
);

/** The text with the common traditional characters as simplified ones, so that either finds the other. */
export function toSimplified(text: string): string {
  return text.replaceAll(/\p{Script=Han}/gu, (character) => simplifiedOf.get(character) ?? character);
}
