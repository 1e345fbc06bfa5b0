import type { EditorWords } from "./en.ts";

export const editorDe: EditorWords = {
  opening: "Wird geöffnet…",
  text: "Text von {{name}}",
  hint: "Esc verlässt den Text, noch einmal Esc schließt ihn",
  undo: "Rückgängig",
  redo: "Wiederholen",
  find: "Suchen",
  close: "Schließen",
  moved: "jetzt in einem anderen Ordner",
  status: {
    saved: "Gespeichert",
    saving: "Wird gespeichert…",
    offline: "Offline",
    readOnly: "Nur ansehen",
    ended: "Beendet",
    notSaved: "Noch nicht gespeichert: {{reason}}",
  },
  note: {
    offline:
      "Was Sie schreiben, bleibt in diesem Fenster und wird zusammengeführt, sobald der Server wieder erreichbar ist.",
    readOnly: "Sie dürfen das nur lesen. Was andere schreiben, erscheint, während sie es schreiben.",
    notTaken:
      "Sie dürfen das jetzt nur noch lesen. Was Sie zuletzt geschrieben haben, wurde nicht übernommen: Laden Sie es herunter, um es zu behalten.",
    tooLong: "Das wurde nicht eingefügt: Ein so langer Text lässt sich hier nicht bearbeiten.",
  },
  ended: {
    gone: {
      title: "Diese Datei ist nicht mehr da",
      lead: "Sie wurde gelöscht, oder Sie dürfen sie nicht mehr sehen.",
    },
    not_text: {
      title: "Das lässt sich hier nicht bearbeiten",
      lead: "Es ist kein Text, ist keiner mehr oder länger als 256 KB. Was geschrieben und noch nicht gespeichert war, liegt als Konfliktkopie daneben.",
    },
    too_large: {
      title: "Dieser Text ist zu lang geworden, um ihn hier zu bearbeiten",
      lead: "Alles, was der Server übernommen hat, ist gespeichert.",
    },
    login_ended: {
      title: "Sie sind abgemeldet",
      lead: "Melden Sie sich wieder an, um weiterzuschreiben.",
    },
    unsent: "Ihre letzten Worte sind nicht beim Server angekommen. Laden Sie den Text herunter, um sie zu behalten.",
  },
  download: "Text herunterladen",
  people: "Auch hier",
  leave: {
    title: "Mit ungespeicherten Worten schließen?",
    lead: "Der Server ist nicht erreichbar, Ihre letzten Worte stehen nur in diesem Fenster.",
    submit: "Schließen und verlieren",
  },
  search: {
    find: "Suchen",
    replaceBy: "Ersetzen durch",
    next: "nächstes",
    previous: "voriges",
    all: "alle",
    matchCase: "Groß/klein",
    pattern: "Muster",
    byWord: "ganze Wörter",
    replace: "ersetzen",
    replaceAll: "alle ersetzen",
    close: "schließen",
    current: "gefunden",
    replaced: "$ Stellen ersetzt",
    replacedOnLine: "Stelle in Zeile $ ersetzt",
    onLine: "in Zeile",
    goToLine: "Zu Zeile",
    go: "los",
  },
};
