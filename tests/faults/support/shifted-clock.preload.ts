// Preloaded into a process whose clock is to be wrong: everything that asks for the time gets another one. Files keep the system's.
const offsetMs = Number(process.env["SATCHEL_TEST_CLOCK_OFFSET_MS"] ?? 0);
const RightDate = globalThis.Date;

class WrongDate extends RightDate {
  constructor(...words: readonly []) {
    if ((words as readonly unknown[]).length === 0) super(RightDate.now() + offsetMs);
    else super(...words);
  }

  static override now(): number {
    return RightDate.now() + offsetMs;
  }
}

globalThis.Date = WrongDate as DateConstructor;
