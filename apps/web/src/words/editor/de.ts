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
      "Was du schreibst, bleibt in diesem Fenster und wird zusammengeführt, sobald der Server wieder erreichbar ist.",
    readOnly: "Du darfst das nur lesen. Was andere schreiben, erscheint, während sie es schreiben.",
    notTaken:
      "Du darfst das jetzt nur noch lesen. Was du zuletzt geschrieben hast, wurde nicht übernommen: Lade es herunter, um es zu behalten.",
    tooLong: "Das wurde nicht eingefügt: Ein so langer Text lässt sich hier nicht bearbeiten.",
  },
  ended: {
    gone: {
      title: "Diese Datei ist nicht mehr da",
      lead: "Sie wurde gelöscht, oder du darfst sie nicht mehr sehen.",
    },
    not_text: {
      title: "Das lässt sich hier nicht bearbeiten",
      lead: "Es ist kein Text, ist keiner mehr oder ist größer als 256 KB. Was geschrieben und noch nicht gespeichert war, liegt als Konfliktkopie daneben.",
    },
    too_large: {
      title: "Dieser Text ist zu lang geworden, um ihn hier zu bearbeiten",
      lead: "Alles, was der Server übernommen hat, ist gespeichert.",
    },
    login_ended: {
      title: "Du bist abgemeldet",
      lead: "Melde dich wieder an, um weiterzuschreiben.",
    },
    unsent: "Deine letzten Worte sind nicht beim Server angekommen. Lade den Text herunter, um sie zu behalten.",
  },
  download: "Text herunterladen",
  people: "Auch hier",
  leave: {
    title: "Mit ungespeicherten Worten schließen?",
    lead: "Der Server hat deine letzten Worte nicht: Sie stehen nur in diesem Fenster.",
    submit: "Schließen und verlieren",
  },
  unsent: {
    title: "Deine letzten Worte in „{{name}}“ behalten?",
    lead: "Es ist nicht sicher, dass der Server sie hat. Lade den Text herunter, um sie zu behalten.",
    close: "Nicht behalten",
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
