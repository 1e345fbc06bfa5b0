/** The languages that people are spoken to in. */
export type Language = "en" | "de";

interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** What happened to the ways into an account. */
export type WayInChange = keyof typeof englishChanges;

const englishChanges = {
  app_added: "An authenticator app was added.",
  app_removed: "The authenticator app was removed.",
  passkey_added: "A passkey was added.",
  passkey_removed: "A passkey was removed.",
  recovery_codes: "New recovery codes were made, and the former ones work no more.",
  app_password: "A password for another program was made.",
  linked: "An account at another provider was linked to it, and signs in.",
  unlinked: "An account at another provider was unlinked from it.",
  all_removed: "An administrator removed the authenticator app, the passkeys and the recovery codes.",
};

const germanChanges: Readonly<Record<WayInChange, string>> = {
  app_added: "Eine Authentifizierungs-App wurde hinzugefügt.",
  app_removed: "Die Authentifizierungs-App wurde entfernt.",
  passkey_added: "Ein Passkey wurde hinzugefügt.",
  passkey_removed: "Ein Passkey wurde entfernt.",
  recovery_codes: "Neue Wiederherstellungscodes wurden erzeugt, und die alten gelten nicht mehr.",
  app_password: "Ein Passwort für ein anderes Programm wurde erzeugt.",
  linked: "Ein Konto bei einem anderen Anbieter wurde damit verknüpft und meldet an.",
  unlinked: "Ein Konto bei einem anderen Anbieter wurde davon getrennt.",
  all_removed:
    "Die Administration hat die Authentifizierungs-App, die Passkeys und die Wiederherstellungscodes entfernt.",
};

interface MailTexts {
  readonly confirmSignUp: (link: string) => MailText;
  readonly hasAccount: (name: string) => MailText;
  readonly confirmEmail: (link: string) => MailText;
  readonly resetPassword: (name: string, link: string) => MailText;
  readonly passwordChanged: (name: string) => MailText;
  readonly emailChanged: (name: string, email: string) => MailText;
  readonly wayInChanged: (name: string, change: WayInChange) => MailText;
  readonly moreChangesUntold: string;
  readonly invitation: (link: string) => MailText;
}

const english: MailTexts = {
  confirmSignUp: (link) => ({
    subject: "Confirm your address for Satchel",
    text: `Welcome to Satchel.\n\nOpen this link within 24 hours to make your account:\n${link}\n\nIf you did not ask for an account, ignore this message: nothing will happen.\n`,
  }),
  hasAccount: (name) => ({
    subject: "You have a Satchel account already",
    text: `Somebody, probably you, asked for a new Satchel account for this address.\nIt has one already: ${name}. Sign in with it, or reset its password if you forgot it.\n`,
  }),
  confirmEmail: (link) => ({
    subject: "Confirm your new address for Satchel",
    text: `Open this link within 24 hours to use this address for your Satchel account:\n${link}\n\nIf you did not ask for it, ignore this message.\n`,
  }),
  resetPassword: (name, link) => ({
    subject: "Reset your Satchel password",
    text: `Hello ${name},\n\nopen this link within an hour of asking for it to choose a new password:\n${link}\n\nAll devices and browsers will be signed out. If you did not ask for it, ignore this message: your password stays as it is.\n`,
  }),
  passwordChanged: (name) => ({
    subject: "Your Satchel password was changed",
    text: `Hello ${name},\n\nthe password of your Satchel account was changed, and all other devices and browsers were signed out.\nIf that was not you, reset your password now, and tell whoever runs your server.\n`,
  }),
  emailChanged: (name, email) => ({
    subject: "Your Satchel address was changed",
    text: `Hello ${name},\n\nyour Satchel account now uses ${email}, and all other devices and browsers were signed out.\nIf that was not you, tell whoever runs your server at once.\n`,
  }),
  wayInChanged: (name, change) => ({
    subject: "How your Satchel account is signed in to has changed",
    text: `Hello ${name},\n\nthe ways into your Satchel account have changed. ${englishChanges[change]}\nIf that was not you, change your password now, look at the ways to sign in on your account's page, and tell whoever runs your server.\n`,
  }),
  moreChangesUntold:
    "This happens often: for up to an hour, further changes of this kind are not told by mail. The activity of your account lists each.",
  invitation: (link) => ({
    subject: "You are invited to Satchel",
    text: `You are invited to keep your files on this Satchel server. Open this link within 7 days to make your account:\n${link}\n`,
  }),
};

const german: MailTexts = {
  confirmSignUp: (link) => ({
    subject: "Bestätige deine Adresse für Satchel",
    text: `Willkommen bei Satchel.\n\nÖffne innerhalb von 24 Stunden diesen Link, um dein Konto anzulegen:\n${link}\n\nWenn du kein Konto wolltest, ignoriere diese Nachricht: dann geschieht nichts.\n`,
  }),
  hasAccount: (name) => ({
    subject: "Du hast schon ein Satchel-Konto",
    text: `Jemand, vermutlich du, wollte für diese Adresse ein neues Satchel-Konto anlegen.\nEs gibt schon eines: ${name}. Melde dich damit an, oder setze sein Passwort zurück, falls du es vergessen hast.\n`,
  }),
  confirmEmail: (link) => ({
    subject: "Bestätige deine neue Adresse für Satchel",
    text: `Öffne innerhalb von 24 Stunden diesen Link, um diese Adresse für dein Satchel-Konto zu verwenden:\n${link}\n\nWenn du das nicht wolltest, ignoriere diese Nachricht.\n`,
  }),
  resetPassword: (name, link) => ({
    subject: "Setze dein Satchel-Passwort zurück",
    text: `Hallo ${name},\n\nöffne innerhalb einer Stunde nach deiner Anfrage diesen Link, um ein neues Passwort zu wählen:\n${link}\n\nAlle Geräte und Browser werden dabei abgemeldet. Wenn du das nicht wolltest, ignoriere diese Nachricht: dein Passwort bleibt, wie es ist.\n`,
  }),
  passwordChanged: (name) => ({
    subject: "Dein Satchel-Passwort wurde geändert",
    text: `Hallo ${name},\n\ndas Passwort deines Satchel-Kontos wurde geändert, und alle anderen Geräte und Browser wurden abgemeldet.\nWenn du das nicht warst, setze dein Passwort jetzt zurück und sage es denen, die deinen Server betreiben.\n`,
  }),
  emailChanged: (name, email) => ({
    subject: "Deine Satchel-Adresse wurde geändert",
    text: `Hallo ${name},\n\ndein Satchel-Konto verwendet jetzt ${email}, und alle anderen Geräte und Browser wurden abgemeldet.\nWenn du das nicht warst, sage es sofort denen, die deinen Server betreiben.\n`,
  }),
  wayInChanged: (name, change) => ({
    subject: "Die Anmeldung bei deinem Satchel-Konto hat sich geändert",
    text: `Hallo ${name},\n\ndie Wege in dein Satchel-Konto haben sich geändert. ${germanChanges[change]}\nWenn du das nicht warst, ändere jetzt dein Passwort, sieh auf der Seite deines Kontos nach, womit man sich anmelden kann, und sage es denen, die deinen Server betreiben.\n`,
  }),
  moreChangesUntold:
    "Das geschieht oft: bis zu einer Stunde lang werden weitere Änderungen dieser Art nicht per Mail gemeldet. Das Protokoll deines Kontos nennt jede.",
  invitation: (link) => ({
    subject: "Du bist zu Satchel eingeladen",
    text: `Du bist eingeladen, deine Dateien auf diesem Satchel-Server aufzubewahren. Öffne innerhalb von 7 Tagen diesen Link, um dein Konto anzulegen:\n${link}\n`,
  }),
};

export const mailTexts: Readonly<Record<Language, MailTexts>> = { en: english, de: german };
