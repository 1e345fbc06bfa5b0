import { plural, type Forms, type InArabic } from "../arabic-plurals.ts";
import type { CommentWords } from "./en.ts";

const open: Forms = [
  "التعليقات",
  "التعليقات: واحد مفتوح",
  "التعليقات: اثنان مفتوحان",
  "التعليقات: {{count, number}} مفتوحة",
  "التعليقات: {{count, number}} مفتوحًا",
  "التعليقات: {{count, number}} مفتوح",
];
const showResolved: Forms = [
  "لا تعليقات محلولة",
  "إظهار تعليق محلول واحد",
  "إظهار تعليقين محلولين",
  "إظهار {{count, number}} تعليقات محلولة",
  "إظهار {{count, number}} تعليقًا محلولًا",
  "إظهار {{count, number}} تعليق محلول",
];

export const commentsAr: InArabic<CommentWords> = {
  title: "التعليقات",
  ...plural("open", open),
  close: "إغلاق التعليقات",
  none: "لم يقل أحد شيئًا بعد.",
  hint: "حدّد كلمات في النص لتقول شيئًا عنها. ‎@name‎ يخبر شخصًا.",
  onWords: "التعليق على الكلمات المحددة",
  onFile: "التعليق على الملف",
  text: "تعليقك",
  answerText: "ردّك",
  submit: "تعليق",
  answer: "ردّ",
  cancel: "إلغاء",
  resolve: "حل التعليق",
  reopen: "فتح من جديد",
  resolved: "محلول",
  resolvedBy: "حلّه {{name}}",
  remove: "حذف",
  removed: "حُذف هذا التعليق.",
  somebody: "شخص لم يعد هنا",
  quote: "إظهار «{{quote}}» في النص",
  gone: "هذه الكلمات لم تعد في النص",
  ...plural("showResolved", showResolved),
};
