/** The most bytes of a plain text that are read, from its beginning. */
export const maxPlainBytes = 1024 * 1024;
/** The largest document that is read: its parts lie anywhere in it. */
export const maxDocumentBytes = 32 * 1024 * 1024;
/** The most UTF-16 units of a file's text that it is found by. */
export const maxTextUnits = 1024 * 1024;
/** Of those, what is kept to show where something was found. */
export const maxKeptUnits = 64 * 1024;
