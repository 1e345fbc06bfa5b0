import { plural, type Forms, type InArabic } from "../arabic-plurals.ts";
import type { NoticeWords } from "./en.ts";

const unread: Forms = [
  "لا جديد",
  "إشعار واحد غير مقروء",
  "إشعاران غير مقروءين",
  "{{count, number}} إشعارات غير مقروءة",
  "{{count, number}} إشعارًا غير مقروء",
  "{{count, number}} إشعار غير مقروء",
];
const times: Forms = [
  "",
  "",
  "، مرتين",
  "، {{count, number}} مرات",
  "، {{count, number}} مرة",
  "، {{count, number}} مرة",
];
const held: Forms = [
  "لم يُعثر على برمجيات خبيثة في هذا الخادم: {{finding}}",
  "عُثر على برمجية خبيثة في هذا الخادم: {{finding}}",
  "عُثر على برمجيات خبيثة في هذا الخادم مرتين، آخرها {{finding}}",
  "عُثر على برمجيات خبيثة في هذا الخادم {{count, number}} مرات، آخرها {{finding}}",
  "عُثر على برمجيات خبيثة في هذا الخادم {{count, number}} مرة، آخرها {{finding}}",
  "عُثر على برمجيات خبيثة في هذا الخادم {{count, number}} مرة، آخرها {{finding}}",
];
const arrived: Forms = [
  "لا ملفات عبر رابطك إلى «{{folder}}»",
  "وصل «{{name}}» عبر رابطك إلى «{{folder}}»",
  "وصل ملفان عبر رابطك إلى «{{folder}}»، آخرهما «{{name}}»",
  "وصلت {{count, number}} ملفات عبر رابطك إلى «{{folder}}»، آخرها «{{name}}»",
  "وصل {{count, number}} ملفًا عبر رابطك إلى «{{folder}}»، آخرها «{{name}}»",
  "وصل {{count, number}} ملف عبر رابطك إلى «{{folder}}»، آخرها «{{name}}»",
];
const copies: Forms = [
  "لا نسخ في تعارض",
  "«{{name}}» في تعارض",
  "نسختان في تعارض، آخرهما «{{name}}»",
  "{{count, number}} نسخ في تعارض، آخرها «{{name}}»",
  "{{count, number}} نسخة في تعارض، آخرها «{{name}}»",
  "{{count, number}} نسخة في تعارض، آخرها «{{name}}»",
];

const replies: Forms = [
  "لا ردود على «{{name}}» من {{by}}",
  "ردّ {{by}} في تعليق على «{{name}}»",
  "ردّان في التعليقات على «{{name}}»، آخرهما من {{by}}",
  "{{count, number}} ردود في التعليقات على «{{name}}»، آخرها من {{by}}",
  "{{count, number}} ردًّا في التعليقات على «{{name}}»، آخرها من {{by}}",
  "{{count, number}} ردّ في التعليقات على «{{name}}»، آخرها من {{by}}",
];

const updates: Forms = [
  "لم يعدّل {{by}} «{{name}}» المفتوح لديك",
  "عدّل {{by}} «{{name}}» وهو مفتوح لديك",
  "عُدِّل «{{name}}» المفتوح لديك مرتين، آخرهما من {{by}}",
  "عُدِّل «{{name}}» المفتوح لديك {{count, number}} مرات، آخرها من {{by}}",
  "عُدِّل «{{name}}» المفتوح لديك {{count, number}} مرة، آخرها من {{by}}",
  "عُدِّل «{{name}}» المفتوح لديك {{count, number}} مرة، آخرها من {{by}}",
];

export const noticesAr: InArabic<NoticeWords> = {
  title: "الإشعارات",
  ...plural("unread", unread, (some) => `الإشعارات: ${some}`),
  list: "ما حدث",
  none: "لا شيء جديد.",
  new: "جديد",
  look: "عرض",
  lookAt: "عرض: {{words}}",
  readAll: "تعليم الكل كمقروء",
  somebody: "شخص ما",
  role: { owner: "مالك", editor: "يمكنه التحرير", viewer: "يمكنه العرض" },
  told: {
    share_invitation: "يدعوك {{by}} إلى «{{folder}}»",
    access_changed: "غيّر {{by}} دورك في «{{folder}}»: {{role}}",
    access_removed: "أزالك {{by}} من «{{folder}}»",
    ...plural("link_upload", arrived),
    ...plural("texts_merged", times, (some) => `دُمجت تعديلات متزامنة على «{{name}}»${some}`),
    ...plural("conflict_waiting", copies),
    ...plural("open_file_updated", updates),
    comment_mention: "ذكرك {{by}} في تعليق على «{{name}}»",
    ...plural("comment_reply", replies),
    quota_nearly_full: "أوشكت مساحتك على الامتلاء",
    new_sign_in: "تسجيل دخول جديد: {{device}}",
    malware_found:
      "عُثر في «{{name}}» على برمجية خبيثة ({{finding}}). لا يحصل أحد على هذا الإصدار، ويمكن استعادة ما قبله.",
    ...plural("malware_held", held),
  },
  settings: {
    title: "ما تُخبَر به",
    lead: "ما توقفه لا يُحفظ أيضًا.",
    share_invitation: "الدعوات إلى المجلدات",
    access_changed: "تغيّر الأدوار في المجلدات",
    access_removed: "المجلدات التي أُزلت منها",
    link_upload: "الملفات الواصلة عبر روابطك",
    texts_merged: "التعديلات المدموجة",
    conflict_waiting: "التعارضات المنتظرة",
    open_file_updated: "تعديلات الملفات المفتوحة لديك",
    comment_mention: "التعليقات التي تذكرك",
    comment_reply: "الردود حيث علّقت",
    quota_nearly_full: "مساحة أوشكت على الامتلاء",
    new_sign_in: "تسجيلات الدخول الجديدة",
    malware_found: "برمجيات خبيثة في ملفاتك",
    malware_held: "برمجيات خبيثة في الخادم، للمشرفين",
  },
};
