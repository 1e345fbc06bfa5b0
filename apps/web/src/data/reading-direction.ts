function isRightToLeft(): boolean {
  return document.documentElement.dir === "rtl";
}

/** The arrow key that leads on, in the direction in which the language is read. */
export function forwardKey(): "ArrowLeft" | "ArrowRight" {
  return isRightToLeft() ? "ArrowLeft" : "ArrowRight";
}

/** The arrow key that leads back. */
export function backKey(): "ArrowLeft" | "ArrowRight" {
  return isRightToLeft() ? "ArrowRight" : "ArrowLeft";
}
